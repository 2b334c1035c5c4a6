package io.waybill.domain;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one file.
 *
 * @param target    where it is to appear; null for a route without delivery, and for a file whose key gives no path
 * @param lane      the number of the lane on which its work queues, and on which all work for the target goes on to: who
 *                  owns the lane knows what was begun there. Null until there is work
 * @param receipt   the proof of its delivery; null until then
 * @param version   1 for the first state of a file, one more for each that follows
 * @param arrivedAt when the object was seen
 * @param changedAt when the event happened that led to this version
 * @param since     from when the attempt of an open file could be taken up, or was: its time-outs count from then. Of a
 *                  terminal file, when it ended
 * @param sendings  what is known of what became of its sendings
 * @param claimableSince of a STARTED file, from when the attempt could be taken up: if it is deferred, its window goes on
 *                       from there. Null in all others, and where an earlier version wrote the state
 * @param onConflict what its route had to say of a taken name when the target was chosen: it holds on where the route is
 *                   taken out of the configuration. Null without target, and where an earlier version wrote the state
 * @param failures   what kept it from its end since it was last COMPLETED. Of a file that ended FAILED or TIMED_OUT, also
 *                   what ended it; none where an earlier version wrote the state
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

    /** A state of a file of which no sending is settled. */
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

    /** What became of this sending and all before it is known, or a person has decided it; 0 if of none. */
    public int settledSendings() {
        return sendings.settled();
    }

    /** The highest sending there was: a file that was delivered late is at the attempt that did it. */
    int lastSending() {
        Attempt givenUp = sendings.givenUp();
        return Math.max(phase.attempt().sending(), givenUp == null ? 0 : givenUp.sending());
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

    /** A new life of the file, from which its older sendings can be told apart. */
    FileState again(FileEvent.Arrived arrived, Phase to) {
        var copy = new Copy(moved(to, arrived.at()));
        copy.source = arrived.source();
        copy.receipt = null;
        copy.arrivedAt = arrived.at();
        return copy.made();
    }

    /** The same version, whose time-outs count from another instant. */
    FileState countedFrom(Instant other) {
        var copy = new Copy(this);
        copy.since = other;
        return copy.made();
    }

    /** The same version as other time-outs have it: what an open file shows was counted when it got there. */
    public FileState under(Timeouts timeouts) {
        return switch (phase) {
            case Phase.Queued(var stage, var attempt, _) ->
                inPhase(new Phase.Queued(stage, attempt, since.plus(timeouts.unclaimed())));
            case Phase.Waiting(var stage, var attempt, _, var due, var cause, var reason) ->
                inPhase(new Phase.Waiting(stage, attempt, since.plus(timeouts.unclaimed()), due, cause, reason));
            case Phase.Started(var stage, var attempt, var claimBy, _, var heartbeatBy, var by, var claimId) -> {
                Duration heartbeat = timeouts.heartbeat();
                // Who was not asked for heartbeats when it took the file up is asked from its next sign of life on.
                Instant next = heartbeatBy == null || heartbeat == null ? null : changedAt.plus(heartbeat);
                Instant finishBy = since.plus(timeouts.unfinished());
                yield inPhase(new Phase.Started(stage, attempt, claimBy, finishBy, next, by, claimId));
            }
            case Phase.Terminal _ -> this;
        };
    }

    /** The same version in another phase, for a move whose outcome is found in two steps. */
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

    /** Another target is chosen; the lane is that of the target, so it goes with it. */
    FileState withTarget(Target where, ConflictPolicy policy) {
        var copy = new Copy(this);
        copy.lane = where.equals(target) ? lane : null;
        copy.target = where;
        copy.onConflict = policy;
        return copy.made();
    }

    /** The same version on a lane of its target. */
    public FileState onLane(int number) {
        var copy = new Copy(this);
        copy.lane = number;
        return copy.made();
    }

    /** The same version, of whose sendings something else is known. */
    FileState with(Sendings known) {
        var copy = new Copy(this);
        copy.sendings = known;
        return copy.made();
    }

    /** The same version, whose attempt could be taken up from an instant on. */
    FileState claimableSince(Instant opened) {
        var copy = new Copy(this);
        copy.claimableSince = opened;
        return copy.made();
    }

    /** The same version, which something else kept from its end. */
    public FileState with(AttemptFailures instead) {
        var copy = new Copy(this);
        copy.failures = instead;
        return copy.made();
    }

    /** A version that was just made, together with what it tells of itself. Nobody asks what a COMPLETED file went through. */
    FileState withItsFailure() {
        AttemptFailure told = AttemptFailure.of(this);
        return phase instanceof Phase.Completed
                ? with(AttemptFailures.NONE)
                : told == null ? this : with(failures.plus(told));
    }

    /** The one place that knows all components: takes them, lets some be changed, and makes the next state of them. */
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
