package io.waybill.domain;

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
        Instant changedAt) {

    public Status status() {
        return phase.status();
    }

    FileState moved(Phase to, Instant at) {
        return new FileState(id, route, source, target, lane, to, receipt, version + 1, arrivedAt, at);
    }

    /** The same version in another phase, for a move whose outcome is found in two steps. */
    FileState inPhase(Phase instead) {
        return new FileState(id, route, source, target, lane, instead, receipt, version, arrivedAt, changedAt);
    }

    FileState withReceipt(Receipt proof) {
        return new FileState(id, route, source, target, lane, phase, proof, version, arrivedAt, changedAt);
    }

    /** Another target is chosen; the lane is that of the target, so it goes with it. */
    FileState withTarget(Target where) {
        Integer kept = where.equals(target) ? lane : null;
        return new FileState(id, route, source, where, kept, phase, receipt, version, arrivedAt, changedAt);
    }

    /** The same version on a lane of its target. */
    public FileState onLane(int number) {
        return new FileState(id, route, source, target, number, phase, receipt, version, arrivedAt, changedAt);
    }
}
