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
        @Nullable ConflictPolicy onConflict) {

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
                null, null);
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
        return new FileState(
                id, route, source, target, lane, to, receipt, version + 1, arrivedAt, at, at, sendings, null,
                onConflict);
    }

    /** A new life of the file, from which its older sendings can be told apart. */
    FileState again(FileEvent.Arrived arrived, Phase to) {
        return new FileState(
                id, route, arrived.source(), target, lane, to, null, version + 1, arrived.at(), arrived.at(),
                arrived.at(),
                sendings, null, onConflict);
    }

    /** The same version, whose time-outs count from another instant. */
    FileState countedFrom(Instant other) {
        return new FileState(
                id, route, source, target, lane, phase, receipt, version, arrivedAt, changedAt, other, sendings,
                claimableSince, onConflict);
    }

    /** The same version as other time-outs have it: what an open file shows was counted when it got there. */
    public FileState under(Timeouts timeouts) {
        return switch (phase) {
            case Phase.Queued(var stage, var attempt, _) ->
                inPhase(new Phase.Queued(stage, attempt, since.plus(timeouts.unclaimed())));
            case Phase.Waiting(var stage, var attempt, _, var due, var reason) ->
                inPhase(new Phase.Waiting(stage, attempt, since.plus(timeouts.unclaimed()), due, reason));
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
        return new FileState(
                id, route, source, target, lane, instead, receipt, version, arrivedAt, changedAt, since, sendings,
                claimableSince, onConflict);
    }

    FileState withReceipt(Receipt proof) {
        return new FileState(
                id, route, source, target, lane, phase, proof, version, arrivedAt, changedAt, since, sendings,
                claimableSince, onConflict);
    }

    /** Another target is chosen; the lane is that of the target, so it goes with it. */
    FileState withTarget(Target where, ConflictPolicy policy) {
        Integer kept = where.equals(target) ? lane : null;
        return new FileState(
                id, route, source, where, kept, phase, receipt, version, arrivedAt, changedAt, since, sendings,
                claimableSince, policy);
    }

    /** The same version on a lane of its target. */
    public FileState onLane(int number) {
        return new FileState(
                id, route, source, target, number, phase, receipt, version, arrivedAt, changedAt, since, sendings,
                claimableSince, onConflict);
    }

    /** The same version, of whose sendings something else is known. */
    FileState with(Sendings known) {
        return new FileState(
                id, route, source, target, lane, phase, receipt, version, arrivedAt, changedAt, since, known,
                claimableSince, onConflict);
    }

    /** The same version, whose attempt could be taken up from an instant on. */
    FileState claimableSince(Instant opened) {
        return new FileState(
                id, route, source, target, lane, phase, receipt, version, arrivedAt, changedAt, since, sendings,
                opened, onConflict);
    }
}
