package io.waybill.domain;

import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Decision.Rejected;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.ForgetRequested;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.Report;
import io.waybill.domain.FileEvent.Request;
import io.waybill.domain.FileEvent.ResendRequested;
import io.waybill.domain.FileEvent.ResolveRequested;
import io.waybill.domain.FileEvent.Started;
import io.waybill.domain.PathTemplate.Expansion.BadName;
import io.waybill.domain.PathTemplate.Expansion.Path;
import io.waybill.domain.Phase.Open;
import io.waybill.domain.Phase.Queued;
import io.waybill.domain.Phase.Terminal;
import io.waybill.domain.Phase.TimedOut;
import io.waybill.domain.Phase.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rules: one pure function from a state and an event to a decision. If an event led to a state, applying it again
 * to that state never moves the file. The function never throws for an event it dislikes.
 *
 * <p>The transition table is in {@code docs/lifecycle.md}.
 */
public final class Lifecycle {
    /** A heartbeat that follows the one before after less than this part of the allowed time is not worth a state. */
    private static final int HEARTBEAT_PARTS = 10;

    private final Route route;

    /** The rules for files of one route. */
    public Lifecycle(Route route) {
        this.route = route;
    }

    /**
     * The same, with the event's time corrected against its writer's clock.
     *
     * @param file the state so far; null for an unknown file
     * @param seen when the event is applied, by the clock of the process that applies it
     */
    public Decision apply(@Nullable FileState file, FileEvent event, Instant seen) {
        return apply(file, Clocks.corrected(file, event, seen));
    }

    /**
     * @param file the state so far; null for an unknown file
     */
    public Decision apply(@Nullable FileState file, FileEvent event) {
        Decision decision = decide(file, event);
        return decision instanceof Moved(var to, var effects) ? new Moved(told(file, to), effects) : decision;
    }

    /** A state that only knows more than the one before has nothing new that kept the file from its end. */
    private static FileState told(@Nullable FileState before, FileState to) {
        return before != null && before.phase().equals(to.phase()) && before.arrivedAt().equals(to.arrivedAt())
                ? to
                : to.withItsFailure();
    }

    private Decision decide(@Nullable FileState file, FileEvent event) {
        if (file == null) {
            return event instanceof Arrived arrived ? begin(arrived) : unknown(event);
        }
        if (file.forgotten() && !(event instanceof Arrived)) {
            return new Ignored("the file is forgotten: nothing is known of it but that it is " + file.status());
        }
        return switch (event) {
            case Arrived arrived -> arrivedAgain(file, arrived);
            case Report report -> reported(file, report);
            case DeadlineReached reached -> deadlineReached(file, reached);
            case Request request -> requested(file, request);
        };
    }

    private Decision requested(FileState file, Request request) {
        int current = file.phase().attempt().sending();
        if (request.sending() != current) {
            return new Ignored("the request is about sending " + request.sending() + ", the file is at " + current);
        }
        return switch (request) {
            case RedriveRequested redrive -> redriven(file, redrive);
            case ResolveRequested resolve -> resolved(file, resolve);
            case CancelRequested cancel -> cancelled(file, cancel);
            case ResendRequested resend -> resent(file, resend);
            case ForgetRequested _ -> forgotten(file);
        };
    }

    /** Decides about an event of a file that is not known. The event is no arrival. */
    public static Decision unknown(FileEvent event) {
        // The deadline of a file that has since left the table. Any other event is about a file that never existed.
        return event instanceof DeadlineReached
                ? new Ignored("the file is no longer known")
                : new Rejected("no file is known by this id, and the event is not its arrival");
    }

    private Decision begin(Arrived arrived) {
        var file = new FileState(
                arrived.id(),
                arrived.route(),
                arrived.source(),
                null,
                null,
                queued(route.firstStage(), Attempt.FIRST, arrived.at()),
                null,
                1,
                arrived.at(),
                arrived.at());
        return begun(file);
    }

    /**
     * An object that is notified after its file is finished and the file's retention is over is a new file. A worker
     * may still know the old file or have work for it. So the sendings are counted on, and every guard against a second
     * delivery after a redrive also guards the new file.
     *
     * <p>A notification of an object that its file waits for, because the object was in an archive, says that it can be
     * read again.
     */
    private Decision arrivedAgain(FileState file, Arrived arrived) {
        if (file.phase() instanceof Waiting waiting && waiting.forItsObject()
                && arrived.at().isAfter(file.changedAt())) {
            return due(file, waiting, arrived.at());
        }
        boolean finished = file.phase() instanceof Terminal && !LateReports.inDoubt(file.phase());
        if (!finished || arrived.at().isBefore(file.changedAt().plus(route.retention()))) {
            return new Ignored("the file is known");
        }
        int last = file.lastSending();
        var next = new Attempt(last + 1, 1);
        FileState again = file.again(arrived, queued(route.firstStage(), next, arrived.at()));
        return begun(file.status() == Status.COMPLETED ? again.with(again.sendings().settledUpTo(last)) : again);
    }

    private Decision begun(FileState file) {
        if (route.delivery() == null) {
            FileState here = file.withoutTarget();
            return moved(here, announce(here));
        }
        return switch (route.delivery().path().expand(route, file.source())) {
            case Path(var path) -> sent(file, route.delivery(), path);
            case BadName(var reason) -> {
                var failure = new Failure(FailureKind.BAD_NAME, reason);
                yield moved(file.inPhase(
                        new Phase.Failed(Stage.DELIVERY, file.phase().attempt(), failure)));
            }
        };
    }

    private Decision sent(FileState file, Delivery delivery, RemotePath path) {
        var target = new Target(delivery.destination(), path);
        int last = file.phase().attempt().sending() - 1;
        boolean elsewhere = last > 0 && !target.equals(file.target());
        FileState aimed = file.withTarget(target, delivery.onConflict()).with(file.sendings().next(last, elsewhere));
        return moved(aimed, dispatch(aimed, delivery));
    }

    private Decision reported(FileState file, Report report) {
        if (report instanceof Completed completed && LateReports.proves(file, completed)) {
            Receipt receipt = Objects.requireNonNull(completed.receipt(), "receipt");
            return delivered(file, receipt, completed.attempt(), completed.at(), true);
        }
        if (report instanceof Completed completed && LateReports.provesAnother(file, completed)) {
            return moved(file.deliveredAlsoBy(completed.attempt().sending()));
        }
        if (report instanceof FileEvent.Failed failed && LateReports.doubts(file, failed)) {
            return LateReports.doubted(file, failed);
        }
        if (!(file.phase() instanceof Open open)) {
            return new Ignored("the file is " + file.status());
        }
        if (open.stage() != report.stage() || !open.attempt().equals(report.attempt())) {
            return new Ignored("the report is of " + report.stage() + " " + report.attempt() + ", the file is at "
                    + open.stage() + " " + open.attempt());
        }
        return switch (report) {
            case Started started -> started(file, open, started);
            case Heartbeat heartbeat -> heard(file, open, heartbeat);
            case Completed completed ->
                completed.receipt() != null
                        ? delivered(file, completed.receipt(), completed.attempt(), completed.at(), false)
                        : moved(file.moved(
                                new Phase.Completed(open.stage(), open.attempt(), false), completed.at()));
            case FileEvent.Failed failed -> failed(file, open, failed);
            case Deferred deferred -> deferred(file, open, deferred);
        };
    }

    private Decision delivered(FileState file, Receipt receipt, Attempt attempt, Instant at, boolean late) {
        // A resend is news to importers only if it was asked for so.
        boolean news = file.receipt() == null || file.sendings().deliveries().announce();
        FileState proven = file.withReceipt(receipt)
                .with(file.sendings().delivered(attempt.sending(), file.lastSending()));
        FileState next = news && route.importRequired()
                ? proven.moved(queued(Stage.IMPORT, file.phase().attempt().firstOfSending(), at), at)
                : proven.moved(new Phase.Completed(Stage.DELIVERY, attempt, late), at);
        List<Effect> effects = news ? List.of(announce(next)) : List.of();
        // If late, a newer sending may be running. It is no longer wanted.
        return late
                ? Controls.givingUp(file, next, Control.Kind.CANCELLED, at, effects)
                : new Moved(next, effects);
    }

    private Decision started(FileState file, Open open, Started started) {
        if (open instanceof Phase.Started) {
            return new Ignored("the attempt has started");
        }
        if (open instanceof Waiting && open.stage() == Stage.DELIVERY) {
            // No worker has the attempt yet, so this report is about the time before the deferral. If it moved the
            // file, it would make the due deadline stale and strand the file.
            return new Ignored("the attempt is not due yet");
        }
        Instant finishBy = started.at().plus(route.timeouts().unfinished());
        return moved(file.moved(
                new Phase.Started(
                        open.stage(),
                        open.attempt(),
                        open.claimBy(),
                        finishBy,
                        heartbeatBy(open.stage(), started.at()),
                        started.by(),
                        started.claimId()),
                started.at())
                .claimableSince(file.since()));
    }

    /** Until when the worker or importer that just reported must report again; null if no heartbeat is asked for. */
    private @Nullable Instant heartbeatBy(Stage stage, Instant heard) {
        Duration heartbeat = route.timeouts().heartbeat();
        return stage == Stage.IMPORT && heartbeat != null ? heard.plus(heartbeat) : null;
    }

    private Decision heard(FileState file, Open open, Heartbeat heartbeat) {
        if (!(open instanceof Phase.Started(_, _, var claimBy, var finishBy, var before, var by, var claimId))) {
            return new Ignored("nobody has claimed the file");
        }
        if (!by.equals(heartbeat.by())) {
            return new Ignored("the file is claimed by '" + by + "'");
        }
        Instant next = heartbeatBy(open.stage(), heartbeat.at());
        if (!news(file.changedAt(), before, heartbeat.at(), next)) {
            return new Ignored("the file's deadline is not moved, or not by enough");
        }
        return moved(file.moved(
                new Phase.Started(open.stage(), open.attempt(), claimBy, finishBy, next, by, claimId), heartbeat.at())
                .countedFrom(file.since())
                .claimableSince(Window.claimableSince(file, open, route.timeouts())));
    }

    /**
     * Whether a heartbeat comes long enough after the sign of life before, or the route began or ceased to ask for
     * heartbeats. The deadlines are not compared: the one before may have been set when the route allowed more time.
     * Then it would block every heartbeat until that time.
     */
    private boolean news(Instant heard, @Nullable Instant before, Instant at, @Nullable Instant next) {
        Duration allowed = route.timeouts().heartbeat();
        if (before == null || next == null || allowed == null) {
            return (before == null) != (next == null);
        }
        return !at.isBefore(heard.plus(allowed.dividedBy(HEARTBEAT_PARTS))) && at.isAfter(heard);
    }

    private Decision failed(FileState file, Open open, FileEvent.Failed failed) {
        Failure failure = failed.failure();
        boolean worthIt = failure.kind().retryable() || failure.kind() == FailureKind.IN_DOUBT && failed.resend();
        if (!worthIt || open.attempt().number() >= route.retry().attempts(open.stage())) {
            FileState settled = LateReports.settled(file, open, failure);
            return moved(
                    refused(file, failure)
                            ? settled.moved(new Phase.Completed(open.stage(), open.attempt(), false), failed.at())
                                    .refused(failure)
                            : settled.moved(new Phase.Failed(open.stage(), open.attempt(), failure), failed.at()));
        }
        Attempt next = open.attempt().next();
        Instant due = failed.at().plus(route.retry().delayAfter(file.id(), open.attempt()));
        // The claim window opens when the attempt is due: a long back-off is not idleness of a worker.
        Instant claimBy = due.plus(route.timeouts().unclaimed());
        return moved(
                file.moved(new Waiting(open.stage(), next, claimBy, due, Waiting.Cause.FAILURE, failure), failed.at())
                        .countedFrom(due));
    }

    /**
     * Whether a failure only says that a file is not delivered once more, because a newer version is there. Such a file is
     * as delivered as before. If a doubt about another sending since may still come, it must find the file FAILED.
     */
    private static boolean refused(FileState file, Failure failure) {
        int sending = file.phase().attempt().sending();
        return file.resent()
                && failure.kind() == FailureKind.SUPERSEDED
                && (file.sendings().firstOfResend(sending) || file.sendings().knownBefore(sending));
    }

    private Decision deferred(FileState file, Open open, Deferred deferred) {
        // A deferral that is already over would hand the file out at every tick while no worker can take it.
        Instant earliest = deferred.at().plus(route.retry().backoff());
        Instant due = deferred.until().isAfter(earliest) ? deferred.until() : earliest;
        if (open instanceof Waiting waiting && !due.isAfter(waiting.due())) {
            return new Ignored("the attempt is held back that long already");
        }
        // The attempt could not begin, so its window continues: a partner that is down for days must lead to a
        // time-out, however often a worker tries.
        Instant since = Window.claimableSince(file, open, route.timeouts());
        Instant claimBy =
                open instanceof Phase.Started ? since.plus(route.timeouts().unclaimed()) : open.claimBy();
        return moved(file.moved(
                new Waiting(open.stage(), open.attempt(), claimBy, due, Waiting.Cause.DEFERRAL, deferred.reason()),
                deferred.at())
                .countedFrom(since));
    }

    private Decision deadlineReached(FileState file, DeadlineReached reached) {
        if (!(file.phase() instanceof Open open)) {
            return new Ignored("the file is " + file.status());
        }
        if (reached.stateVersion() != file.version() || !open.canReach(reached.kind())) {
            return new Ignored("the deadline was of version " + reached.stateVersion() + ", the file is at "
                    + file.version());
        }
        return switch (reached.kind()) {
            case RETRY_DUE -> due(file, open, reached.at());
            case UNCLAIMED, UNFINISHED ->
                Controls.givingUp(
                        file,
                        file.moved(new TimedOut(open.stage(), open.attempt(), reached.kind()), reached.at()),
                        Control.Kind.GIVEN_UP,
                        reached.at(),
                        List.of());
        };
    }

    private Decision due(FileState file, Open open, Instant at) {
        if (Unplaced.is(file)) {
            return begun(file.moved(queued(route.firstStage(), open.attempt(), at), at));
        }
        FileState next = file.moved(new Queued(open.stage(), open.attempt(), open.claimBy()), at)
                .countedFrom(file.since());
        if (open.stage() == Stage.IMPORT) {
            // The ready file is written only once. A due import waits for the next claim.
            return moved(next);
        }
        if (route.delivery() == null) {
            var failure = new Failure(FailureKind.UNKNOWN_DESTINATION, "the route no longer delivers");
            return moved(next.inPhase(new Phase.Failed(open.stage(), open.attempt(), failure)));
        }
        return moved(next, dispatch(next, route.delivery()));
    }

    private Decision redriven(FileState file, RedriveRequested redrive) {
        if (!(file.phase() instanceof Terminal) || file.status() == Status.COMPLETED) {
            return new Ignored("only FAILED and TIMED_OUT files are redriven, this one is " + file.status());
        }
        if (LateReports.inDoubt(file.phase())) {
            return new Ignored("nobody can tell whether the file was delivered, and a redrive may deliver it twice: ask"
                    + " the partner, then resolve it as delivered or to be resent"
                    + " (./waybill resolve " + file.id() + " --delivered | --resend)");
        }
        return sentAgain(file, redrive.at());
    }

    private Decision resolved(FileState file, ResolveRequested resolve) {
        Target target = file.target();
        if (!LateReports.inDoubt(file.phase()) || target == null) {
            return new Ignored(
                    "only a file that FAILED as IN_DOUBT is resolved, this one is "
                            + LateReports.described(file.phase()));
        }
        // The word is about all sendings so far. Their doubts are no reason to stop a later one.
        FileState decided =
                file.with(file.sendings().settledUpTo(file.phase().attempt().sending()));
        return switch (resolve.resolution()) {
            case DELIVERED -> {
                // A word proves less than the receipt of the delivery before.
                Receipt receipt = file.receipt() == null
                        ? Receipt.byWord(target.path(), file.source().size())
                        : file.receipt();
                yield delivered(decided, receipt, file.phase().attempt(), resolve.at(), true);
            }
            case RESEND -> sentAgain(decided, resolve.at());
        };
    }

    private Decision sentAgain(FileState file, Instant at) {
        Stage stage = file.phase().stage();
        FileState next = file.moved(queued(stage, file.phase().attempt().nextSending(), at), at);
        if (stage == Stage.IMPORT) {
            // The ready file is written only once. Importers claim the file again.
            return moved(next);
        }
        if (route.delivery() == null) {
            // Of a file that was never placed, nobody has heard yet.
            return file.target() == null
                    ? begun(next.inPhase(queued(route.firstStage(), next.phase().attempt(), at)))
                    : new Ignored("the route no longer delivers");
        }
        return sentOrIgnored(next, route.delivery());
    }

    /** Ignored rather than failed: if a request led to a failure, its replay would move the file again. */
    private Decision sentOrIgnored(FileState next, Delivery delivery) {
        return switch (delivery.path().expand(route, next.source())) {
            case Path(var path) -> sent(next, delivery, path);
            case BadName(var reason) -> new Ignored(reason);
        };
    }

    private Decision resent(FileState file, ResendRequested resend) {
        if (file.status() != Status.COMPLETED) {
            return new Ignored("only COMPLETED files are resent, this one is " + file.status());
        }
        if (file.receipt() == null || route.delivery() == null) {
            return new Ignored(
                    file.receipt() == null
                            ? "the file was never delivered to a destination"
                            : "the route no longer delivers");
        }
        int last = file.lastSending();
        FileState next = file.moved(queued(Stage.DELIVERY, new Attempt(last + 1, 1), resend.at()), resend.at())
                .with(file.sendings().resent(file.deliveredBy(), last, resend.announce()));
        return sentOrIgnored(next, route.delivery());
    }

    private static Decision forgotten(FileState file) {
        if (!(file.phase() instanceof Terminal)) {
            return new Ignored("only a file that has ended is forgotten, this one is " + file.status()
                    + ": wait for its end, or cancel it");
        }
        return LateReports.inDoubt(file.phase())
                ? new Ignored("nobody can tell whether the file was delivered, and a forgotten file is not resolved any"
                        + " more: ask the partner, then resolve it (./waybill resolve " + file.id()
                        + " --delivered | --resend)")
                : moved(file.forget());
    }

    private static Decision cancelled(FileState file, CancelRequested cancel) {
        if (!(file.phase() instanceof Open open)) {
            return new Ignored(
                    file.status() == Status.COMPLETED
                            ? "the cancellation comes too late: the file is " + file.status()
                            : "the file is " + file.status());
        }
        var failure = new Failure(FailureKind.CANCELLED, "cancelled by " + cancel.by() + ": " + cancel.reason());
        return Controls.givingUp(
                file,
                file.moved(new Phase.Failed(open.stage(), open.attempt(), failure), cancel.at()),
                Control.Kind.CANCELLED,
                cancel.at(),
                List.of());
    }

    private Queued queued(Stage stage, Attempt attempt, Instant at) {
        return new Queued(stage, attempt, at.plus(route.timeouts().unclaimed()));
    }

    private Effect dispatch(FileState file, Delivery delivery) {
        return new Effect.Dispatch(new TransferWork(
                file.id(),
                file.route(),
                file.phase().attempt(),
                file.source(),
                Objects.requireNonNull(file.target(), "target"),
                delivery.onConflict(),
                delivery.verify(),
                delivery.createDirectories(),
                file.sendings().told(),
                route.timeouts().sum(),
                delivery.attributes(),
                route.source().unchanged() == SourceFilter.Unchanged.SKIP,
                file.sendings().toldDelivered()));
    }

    private static Effect announce(FileState file) {
        return new Effect.Announce(new ReadyFile(
                file.id(), file.route(), file.source(), file.target(), file.receipt(), file.changedAt()));
    }

    private static Decision moved(FileState to, Effect... effects) {
        return new Moved(to, List.of(effects));
    }
}
