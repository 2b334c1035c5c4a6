package io.waybill.domain;

import io.waybill.domain.Decision.Moved;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.Phase.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules for files of a route that is not configured here. Another instance knew the route, and this one may know it
 * after its next start. So such a file waits without a target. Only the time for UNCLAIMED ends the wait.
 */
public final class Unplaced {
    private Unplaced() {}

    /**
     * Decides about an arrival of such a route.
     *
     * @param seen  when the event is applied, by the clock of the process that applies it
     * @param known the routes that are configured here
     */
    public static Decision arrived(Arrived arrived, Instant seen, Set<RouteName> known) {
        Instant at = Clocks.corrected(null, arrived, seen).at();
        Instant claimBy = at.plus(Timeouts.DEFAULT.unclaimed());
        var reason = new Failure(
                FailureKind.UNKNOWN_DESTINATION,
                "no route of the name '" + arrived.route() + "' is configured here; known are " + new TreeSet<>(known));
        // Due after the window. Nothing that happens by itself makes the route known.
        var waiting = new Waiting(
                Stage.DELIVERY, Attempt.FIRST, claimBy, claimBy.plusMillis(1), Waiting.Cause.DEFERRAL, reason);
        var file = new FileState(
                arrived.id(), arrived.route(), arrived.source(), null, null, waiting, null, 1, at, at);
        return new Moved(file.withItsFailure(), List.of());
    }

    /** Whether a file waits for its route. */
    public static boolean is(FileState file) {
        return file.target() == null && file.phase() instanceof Waiting waiting && waiting.stage() == Stage.DELIVERY;
    }
}
