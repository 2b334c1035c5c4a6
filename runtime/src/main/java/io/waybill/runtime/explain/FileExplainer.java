package io.waybill.runtime.explain;

import io.waybill.domain.Attempt;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Place;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension.Subject;
import io.waybill.domain.Target;
import io.waybill.domain.Unplaced;
import io.waybill.runtime.api.explain.WhyAnswer;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.halt.Halt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says in words what a file waits for, since when, what happens next, and which commands change that: a function of the
 * file's state and of the configuration. Knows no clock. Immutable.
 */
public final class FileExplainer {
    private final Map<RouteName, Route> routes;

    public FileExplainer(WaybillConfig config) {
        routes = config.routes();
    }

    /**
     * Explains a file.
     *
     * @param file with the time-outs of today
     * @param halt why it may not start, if that is so
     */
    public WhyAnswer why(FileState file, Optional<Halt> halt) {
        return why(file, halt, Optional.empty());
    }

    /**
     * Explains a file.
     *
     * @param file  with the time-outs of today
     * @param halt  why it may not start, if that is so
     * @param newer the file of a newer version of its object that stands at its place, if there is one
     */
    public WhyAnswer why(FileState file, Optional<Halt> halt, Optional<FileId> newer) {
        if (file.forgotten()) {
            return new Words(file)
                    .since(file.changedAt())
                    .waitsFor("nothing: it is forgotten, and nothing is known of it but that it is " + file.status())
                    .answer();
        }
        return halt.map(held -> halted(file, held)).orElseGet(() -> moving(file, newer));
    }

    /** An addition for a file that is sent once more; empty for any other. */
    private static String deliveredBefore(FileState file) {
        return file.resent() && file.receipt() != null
                ? "; it was delivered before, as " + file.receipt().path()
                : "";
    }

    private static WhyAnswer halted(FileState file, Halt halt) {
        boolean paused = halt.kind() == Halt.Kind.PAUSED;
        var words = new Words(file)
                .since(file.phase() instanceof Phase.Waiting ? file.waitsSince() : file.changedAt())
                .waitsFor("the end of a halt: " + halt.text());
        String handedOut = "its files are handed out, oldest first";
        halt.until().ifPresentOrElse(
                at -> words.next(handedOut, at), () -> words.next("somebody ends the halt; then " + handedOut));
        if (paused) {
            words.command("resume " + named(halt.what()), "ends the pause");
        }
        return words.advice("The time until then does not count for its deadline")
                .command("cancel " + file.id(), "stops it")
                .answer();
    }

    /** As the command line takes it. */
    private static String named(Subject subject) {
        return switch (subject) {
            case Subject.Destination(var name) -> name.value();
            case Subject.OfRoute(var name) -> "--route " + name;
        };
    }

    private WhyAnswer moving(FileState file, Optional<FileId> newer) {
        return switch (file.phase()) {
            case Phase.Queued queued -> queued(file, queued);
            case Phase.Waiting waiting -> waiting(file, waiting);
            case Phase.Started started -> started(file, started);
            case Phase.Completed completed -> completed(file, completed, newer);
            case Phase.Failed failed -> failed(file, failed);
            case Phase.TimedOut timedOut -> timedOut(file, timedOut);
        };
    }

    private WhyAnswer queued(FileState file, Phase.Queued queued) {
        var words = new Words(file).since(file.changedAt());
        String attempt = attempt(file, queued.attempt());
        if (queued.stage() == Stage.IMPORT) {
            words.waitsFor("an importer that claims it, for " + attempt).next("the import begins with the claim");
        } else {
            words.waitsFor("a worker that begins " + attempt + " to deliver it to " + target(file) + lane(file)
                    + deliveredBefore(file))
                    .next("a worker takes it up when it has room on that lane");
        }
        return words.otherwise(queued)
                .command("status", "shows whether a service is behind, and what is on hold")
                .command("cancel " + file.id(), "stops it")
                .answer();
    }

    private WhyAnswer waiting(FileState file, Phase.Waiting waiting) {
        var words = new Words(file).since(file.waitsSince());
        if (Unplaced.is(file)) {
            return words.waitsFor("its route '" + file.route() + "': " + waiting.reason().detail())
                    .next("an instance that knows the route places it")
                    .otherwise(waiting)
                    .advice(waiting.reason().kind())
                    .command("cancel " + file.id(), "stops it")
                    .answer();
        }
        switch (waiting.cause()) {
            case FAILURE -> afterFailure(words, file, waiting);
            case DEFERRAL -> deferred(words, file, waiting);
        }
        if (waiting.deadline().kind() == DeadlineKind.RETRY_DUE) {
            words.otherwise(waiting);
        } else {
            words.next(end(DeadlineKind.UNCLAIMED), waiting.claimBy());
        }
        return words.advice(waiting.reason().kind()).command("cancel " + file.id(), "stops it").answer();
    }

    private void afterFailure(Words words, FileState file, Phase.Waiting waiting) {
        String attempt = attempt(file, waiting.attempt());
        boolean last = waiting.attempt().number() >= attempts(file, waiting.stage());
        words.waitsFor("its next try, " + attempt + "; the one before failed with " + said(waiting.reason()));
        String begins =
                waiting.stage() == Stage.IMPORT ? "importers may claim it again" : "it is handed out for " + attempt;
        words.next(begins + (last ? "; this is the last one" : ""), waiting.due())
                .command("retry " + file.id(), "tries it now");
    }

    private void deferred(Words words, FileState file, Phase.Waiting waiting) {
        List<Place> places = Place.of(file);
        String why = said(waiting.reason());
        if (places.isEmpty()) {
            words.waitsFor("its object in the store: " + why)
                    .next("Waybill looks again, or sooner if the store reports that the object is restored",
                            waiting.due())
                    .command("retry " + file.id(), "looks now");
            return;
        }
        Place place = places.getFirst();
        words.waitsFor(place + ": " + why)
                .next("it is tried again, or sooner when a worker learns that " + place + " works again",
                        waiting.due());
        if (place instanceof Place.Destination(var name)) {
            words.command("retry --destination " + name, "tries all files that wait for it now")
                    .command("probe " + name, "shows what the server does");
        } else {
            words.command("retry " + file.id(), "tries it now, with all files that wait for the bucket");
        }
    }

    private WhyAnswer started(FileState file, Phase.Started started) {
        String attempt = attempt(file, started.attempt());
        var words = new Words(file).since(file.since());
        if (started.stage() == Stage.IMPORT) {
            words.waitsFor("the importer '" + started.by() + "', which has claimed it for " + attempt)
                    .next("the importer reports the end");
        } else {
            words.waitsFor(
                    "the worker '" + started.by() + "', which delivers it to " + target(file) + " with " + attempt
                            + deliveredBefore(file))
                    .next("the worker reports the end");
        }
        return words.otherwise(started)
                .command("show " + file.id(), "shows what was done so far")
                .command("cancel " + file.id(), "stops it, if it is not too late")
                .answer();
    }

    private static WhyAnswer completed(FileState file, Phase.Completed completed, Optional<FileId> newer) {
        String imported = completed.stage() == Stage.IMPORT ? ", and imported" : "";
        String done =
                file.receipt() == null ? "it is imported" : "it is delivered as " + file.receipt().path() + imported;
        var words = new Words(file)
                .since(file.changedAt())
                .waitsFor("nothing: " + done + (completed.late() ? "; the proof came after it had been given up" : "")
                        + notResent(file, newer))
                .command("show " + file.id(), "shows its receipt and its history");
        newer.ifPresent(other -> words.command("show " + other, "shows the newer version"));
        if (file.receipt() != null && newer.isEmpty() && file.refusedResend().isEmpty()) {
            words.command("resend " + file.id(), "delivers it once more, if the partner lost it");
        }
        return words.answer();
    }

    /** Why it would not be delivered once more; empty if it would be. */
    private static String notResent(FileState file, Optional<FileId> newer) {
        return newer.map(other -> "; a newer version of its object, file " + other
                + ", stands there or is on its way, so a resend of this one is refused")
                .or(() -> file.refusedResend().map(failure -> "; its resend was refused with " + said(failure)))
                .orElse("");
    }

    private static WhyAnswer failed(FileState file, Phase.Failed failed) {
        FailureKind kind = failed.failure().kind();
        var words = new Words(file).since(file.changedAt()).advice(kind);
        if (file.inDoubt()) {
            return words.waitsFor("a person: nobody can tell whether it was delivered: " + failed.failure().detail())
                    .command("resolve " + file.id() + " --delivered", "if the partner has it")
                    .command("resolve " + file.id() + " --resend", "if the partner does not have it")
                    .answer();
        }
        words.waitsFor("nothing: it was given up at " + failed.stage() + " with " + said(failed.failure())
                + deliveredBefore(file));
        if (kind == FailureKind.SOURCE_GONE) {
            return words.answer();
        }
        if (failed.failure().gaveWay()) {
            // A redrive would end the same way.
            return words.command("show " + file.id(), "shows its history").answer();
        }
        String when = switch (kind) {
            case SUPERSEDED, CANCELLED -> ", if it is wanted after all";
            case IMPORT_REJECTED -> ", if the importer was wrong";
            default -> ", once that is mended";
        };
        return words.command("redrive " + file.id(), redriven(failed.stage()) + when).answer();
    }

    private static String redriven(Stage stage) {
        return stage == Stage.IMPORT ? "lets importers claim it again" : "sends it again";
    }

    private static WhyAnswer timedOut(FileState file, Phase.TimedOut timedOut) {
        boolean delivery = timedOut.stage() == Stage.DELIVERY;
        String who = delivery ? "worker" : "importer";
        var words = new Words(file).since(file.changedAt());
        if (timedOut.kind() == DeadlineKind.UNFINISHED) {
            words.waitsFor("nothing: the " + who + " that took it up did not report in time" + deliveredBefore(file))
                    .advice("Check that the " + who + " is alive"
                            + (delivery ? ". A late report of its delivery still counts" : ""));
        } else {
            unclaimed(words, file, timedOut, who);
        }
        return words.command("redrive " + file.id(), redriven(timedOut.stage())).answer();
    }

    /** A file that was put off until its time was over ends as one that nobody wanted. The reason says what it was. */
    private static void unclaimed(Words words, FileState file, Phase.TimedOut timedOut, String who) {
        Optional<Failure> last = file.failures().all().reversed().stream()
                .filter(one -> one.stage() == timedOut.stage()
                        && one.attempt().sending() == timedOut.attempt().sending())
                .flatMap(one -> Stream.ofNullable(one.failure()))
                .findFirst();
        String reason = last.map(failure -> "; before, it waited because of " + said(failure)).orElse("");
        words.waitsFor("nothing: no " + who + " took it up in time" + reason + deliveredBefore(file));
        last.ifPresentOrElse(
                failure -> words.advice(failure.kind()),
                () -> words.advice("Check that the " + who + " is running, and that it reaches what it needs"));
    }

    private String attempt(FileState file, Attempt attempt) {
        return "attempt " + attempt.number() + " of " + attempts(file, file.phase().stage())
                + (attempt.sending() == 1 ? "" : " of sending " + attempt.sending());
    }

    /** As the rules count: a route that left the configuration counts by the defaults. */
    private int attempts(FileState file, Stage stage) {
        Route route = routes.get(file.route());
        return (route == null ? RetryPolicy.DEFAULT : route.retry()).attempts(stage);
    }

    private static String said(Failure failure) {
        return failure.detail().isEmpty() ? failure.kind().name() : failure.kind() + ": " + failure.detail();
    }

    private static String target(FileState file) {
        Target target = file.target();
        return target == null ? "its destination" : target.destination() + ":" + target.path();
    }

    private static String lane(FileState file) {
        return file.lane() == null ? "" : ", on lane " + file.lane();
    }

    /** How a deadline ends a file. */
    static String end(DeadlineKind kind) {
        return switch (kind) {
            case UNCLAIMED -> "it ends TIMED_OUT as UNCLAIMED: nobody took it up";
            case UNFINISHED -> "it ends TIMED_OUT as UNFINISHED: nobody reported the end";
            case RETRY_DUE -> "it is handed out";
        };
    }
}
