package io.waybill.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known about one file.
 *
 * @param target         where the file goes; null for a route without delivery, and for a file whose key gives no path
 * @param lane           the number of the lane that queues its work, and keeps all later work for the target: the owner
 *                       of the lane knows what began there. Null until there is work
 * @param receipt        the proof of its last delivery; null until then. It stays while the file is resent, and if that
 *                       fails
 * @param version        1 for the first state of a file, one more for each later state
 * @param arrivedAt      when the object was seen
 * @param changedAt      when the event happened that led to this version
 * @param since          from when the attempt of an open file can be, or was, taken up: its time-outs count from then.
 *                       For a terminal file, when it ended
 * @param sendings       the known ends of its sendings
 * @param claimableSince for a STARTED file, from when the attempt could be taken up. If the attempt is deferred, its
 *                       window continues from there. Null in all other phases, and if an earlier version wrote the
 *                       state
 * @param onConflict     the route's policy for a taken name when the target was chosen. It stays valid if the route
 *                       leaves the configuration. Null without target, and if an earlier version wrote the state
 * @param failures       what kept the file from its end since it was last COMPLETED; for a FAILED or TIMED_OUT file
 *                       also what ended it; for a COMPLETED file why its resend was refused. Empty if an earlier version
 *                       wrote the state
 */
public record FileState(
        FileId id,
        RouteName route,
        SourceObject source,
        @Nullable Target target,
        @Nullable Integer lane,
        Phase phase,
        @Nullable Receipt receipt,
        long version,
        Instant arrivedAt,
        Instant changedAt,
        Instant since,
        Sendings sendings,
        @Nullable Instant claimableSince,
        @Nullable ConflictPolicy onConflict,
        AttemptFailures failures) {

    /** A state whose time-outs count from the event that led to it. */
    public FileState(
            FileId id,
            RouteName route,
            SourceObject source,
            @Nullable Target target,
            @Nullable Integer lane,
            Phase phase,
            @Nullable Receipt receipt,
            long version,
            Instant arrivedAt,
            Instant changedAt) {
        this(id, route, source, target, lane, phase, receipt, version, arrivedAt, changedAt, changedAt);
    }

    /** A state of a file that has no settled sending. */
    public FileState(
            FileId id,
            RouteName route,
            SourceObject source,
            @Nullable Target target,
            @Nullable Integer lane,
            Phase phase,
            @Nullable Receipt receipt,
            long version,
            Instant arrivedAt,
            Instant changedAt,
            Instant since) {
        this(id, route, source, target, lane, phase, receipt, version, arrivedAt, changedAt, since, Sendings.NONE,
                null, null, AttemptFailures.NONE);
    }

    public Status status() {
        return phase.status();
    }

    /** Whether the file is FAILED {@code IN_DOUBT}: only a person can say whether it was delivered. */
    public boolean inDoubt() {
        return LateReports.inDoubt(phase);
    }

    /** From when the file waits for what it waits for now: equal failures in a row are one wait. */
    public Instant waitsSince() {
        return failures.all().isEmpty() ? changedAt : failures.all().getLast().from();
    }

    /** The end of this sending and all before it is known, or a person has decided it; 0 if none is settled. */
    public int settledSendings() {
        return sendings.settled();
    }

    /** Whether the file was delivered, and is delivered once more, or was to be and that failed. */
    public boolean resent() {
        return receipt != null && phase.stage() == Stage.DELIVERY && !(phase instanceof Phase.Completed);
    }

    /** Why a file that is delivered was not delivered once more, though somebody asked for it; empty for any other. */
    public Optional<Failure> refusedResend() {
        return phase instanceof Phase.Completed && !failures.all().isEmpty()
                ? Optional.ofNullable(failures.all().getLast().failure())
                : Optional.empty();
    }

    /** Whether nothing is kept of the file but its id, its status and its times. */
    public boolean forgotten() {
        return source.equals(SourceObject.FORGOTTEN);
    }

    /** The sendings that delivered the file. An earlier version did not write them down: then all that may have. */
    List<Integer> deliveredBy() {
        if (receipt == null || !sendings.deliveries().sendings().isEmpty()) {
            return sendings.deliveries().sendings();
        }
        int current = phase.attempt().sending();
        return phase.stage() == Stage.DELIVERY ? List.of(current) : IntStream.rangeClosed(1, current).boxed().toList();
    }

    /** The highest sending so far. A file that was delivered late is at the attempt that delivered it. */
    int lastSending() {
        Attempt givenUp = sendings.givenUp();
        int told = givenUp == null ? 0 : givenUp.sending();
        return Math.max(Math.max(phase.attempt().sending(), told), sendings.deliveries().last());
    }

    FileState moved(Phase to, Instant at) {
        var copy = new Copy(this);
        copy.phase = to;
        copy.version++;
        copy.changedAt = at;
        copy.since = at;
        copy.claimableSince = null;
        return copy.made();
    }

    /** A new life of the file, with sendings that differ from its older ones. */
    FileState again(FileEvent.Arrived arrived, Phase to) {
        var copy = new Copy(moved(to, arrived.at()));
        copy.source = arrived.source();
        copy.receipt = null;
        copy.arrivedAt = arrived.at();
        copy.sendings = sendings.again();
        return copy.made();
    }

    /** A new version that keeps the status and the times, and nothing that says what the file was. */
    FileState forget() {
        var copy = new Copy(this);
        copy.version++;
        copy.source = SourceObject.FORGOTTEN;
        copy.target = null;
        copy.lane = null;
        copy.onConflict = null;
        copy.receipt = null;
        copy.failures = AttemptFailures.NONE;
        if (phase instanceof Phase.Failed(var stage, var attempt, var failure)) {
            copy.phase = new Phase.Failed(stage, attempt, new Failure(failure.kind(), ""));
        }
        return copy.made();
    }

    /** A new version that knows one more delivery. Nothing else changes, so its deadline counts from the same instant. */
    FileState deliveredAlsoBy(int sending) {
        var copy = new Copy(this);
        copy.version++;
        copy.sendings = sendings.delivered(sending, lastSending());
        return copy.made();
    }

    /** The same version, whose time-outs count from another instant. */
    FileState countedFrom(Instant other) {
        var copy = new Copy(this);
        copy.since = other;
        return copy.made();
    }

    /**
     * The same version under other time-outs. An open file shows deadlines that were computed when it entered its
     * phase.
     */
    public FileState under(Timeouts timeouts) {
        return switch (phase) {
            case Phase.Queued(var stage, var attempt, _) ->
                inPhase(new Phase.Queued(stage, attempt, since.plus(timeouts.unclaimed())));
            case Phase.Waiting(var stage, var attempt, _, var due, var cause, var reason) ->
                inPhase(new Phase.Waiting(stage, attempt, since.plus(timeouts.unclaimed()), due, cause, reason));
            case Phase.Started(var stage, var attempt, var claimBy, _, var heartbeatBy, var by, var claimId) -> {
                Duration heartbeat = timeouts.heartbeat();
                // A worker or importer that took the file up without heartbeats owes them from its next sign of life
                // on.
                Instant next = heartbeatBy == null || heartbeat == null ? null : changedAt.plus(heartbeat);
                Instant finishBy = since.plus(timeouts.unfinished());
                yield inPhase(new Phase.Started(stage, attempt, claimBy, finishBy, next, by, claimId));
            }
            case Phase.Terminal _ -> this;
        };
    }

    /** The same version in another phase, for a move whose outcome takes two steps to find. */
    FileState inPhase(Phase instead) {
        var copy = new Copy(this);
        copy.phase = instead;
        return copy.made();
    }

    FileState withReceipt(Receipt proof) {
        var copy = new Copy(this);
        copy.receipt = proof;
        return copy.made();
    }

    /** The same version with another target. The lane belongs to the target, so it changes as well. */
    FileState withTarget(Target where, ConflictPolicy policy) {
        var copy = new Copy(this);
        copy.lane = where.equals(target) ? lane : null;
        copy.target = where;
        copy.onConflict = policy;
        return copy.made();
    }

    /** The same version without a target. An earlier life of the file may have had one. */
    FileState withoutTarget() {
        var copy = new Copy(this);
        copy.lane = null;
        copy.target = null;
        copy.onConflict = null;
        return copy.made();
    }

    /** The same version on a lane of its target. */
    public FileState onLane(int number) {
        var copy = new Copy(this);
        copy.lane = number;
        return copy.made();
    }

    /** The same version with other knowledge of its sendings. */
    FileState with(Sendings known) {
        var copy = new Copy(this);
        copy.sendings = known;
        return copy.made();
    }

    /** The same version with the instant from which its attempt could be taken up. */
    FileState claimableSince(Instant opened) {
        var copy = new Copy(this);
        copy.claimableSince = opened;
        return copy.made();
    }

    /** The same version with another list of failures. */
    public FileState with(AttemptFailures instead) {
        var copy = new Copy(this);
        copy.failures = instead;
        return copy.made();
    }

    /** A new version, with the failure that it records. A COMPLETED file keeps only why its resend was refused. */
    FileState withItsFailure() {
        if (forgotten()) {
            return this;
        }
        AttemptFailure told = AttemptFailure.of(this);
        return phase instanceof Phase.Completed
                ? with(failures.refusals(phase.attempt()))
                : told == null ? this : with(failures.plus(told));
    }

    /** The same version, whose resend was refused just now. */
    FileState refused(Failure failure) {
        return with(failures.plus(AttemptFailure.refused(changedAt, phase.attempt(), failure)));
    }

    /** The one place that knows all components. It copies them, changes some, and makes the next state. */
    private static final class Copy {
        private final FileId id;
        private final RouteName route;
        private SourceObject source;
        private @Nullable Target target;
        private @Nullable Integer lane;
        private Phase phase;
        private @Nullable Receipt receipt;
        private long version;
        private Instant arrivedAt;
        private Instant changedAt;
        private Instant since;
        private Sendings sendings;
        private @Nullable Instant claimableSince;
        private @Nullable ConflictPolicy onConflict;
        private AttemptFailures failures;

        Copy(FileState of) {
            id = of.id;
            route = of.route;
            source = of.source;
            target = of.target;
            lane = of.lane;
            phase = of.phase;
            receipt = of.receipt;
            version = of.version;
            arrivedAt = of.arrivedAt;
            changedAt = of.changedAt;
            since = of.since;
            sendings = of.sendings;
            claimableSince = of.claimableSince;
            onConflict = of.onConflict;
            failures = of.failures;
        }

        FileState made() {
            return new FileState(
                    id, route, source, target, lane, phase, receipt, version, arrivedAt, changedAt, since, sendings,
                    claimableSince, onConflict, failures);
        }
    }
}
