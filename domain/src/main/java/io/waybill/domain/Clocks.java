package io.waybill.domain;

import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.ResolveRequested;
import io.waybill.domain.FileEvent.Started;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When an event is taken to have happened. What an event says of it is by the clock of whoever wrote it, and that clock may
 * be hours slow or a day fast; every time-out, back-off and deferral is counted from it. Three clocks speak of each event:
 * its writer's, that of whoever moved the file last, and that of the process that applies the event. One that is wrong alone
 * is never the one in the middle.
 */
final class Clocks {
    private Clocks() {}

    /**
     * The event as if its writer's clock went right. What it says in relation to its own time, such as until when to
     * wait, goes along.
     *
     * @param seen when the event is applied, by the clock of the process that does
     */
    static FileEvent corrected(@Nullable FileState file, FileEvent event, Instant seen) {
        return switch (event) {
            // The clock that deadlines are compared with. What it has said must not seem to lie ahead.
            case DeadlineReached _ -> event;
            // An old arrival, told once more, stays an old one.
            case Arrived arrived when file != null -> at(earlier(arrived.at(), seen), arrived);
            case Arrived arrived -> at(middle(arrived.at(), seen, arrived.source().lastModified()), arrived);
            case FileEvent.Report _, FileEvent.Request _ ->
                file == null ? event : at(happened(event.at(), seen, file.changedAt()), event);
        };
    }

    private static Instant happened(Instant said, Instant seen, Instant before) {
        // It cannot have happened before what it follows. Of how much later, only the clock of the moment knows.
        return said.isBefore(before) && seen.isAfter(before) ? seen : middle(said, seen, before);
    }

    private static Instant middle(Instant one, Instant two, Instant three) {
        Instant low = earlier(one, two);
        Instant high = one.isBefore(two) ? two : one;
        return three.isBefore(low) ? low : earlier(high, three);
    }

    private static Instant earlier(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }

    private static FileEvent at(Instant at, FileEvent event) {
        if (at.equals(event.at())) {
            return event;
        }
        return switch (event) {
            case Arrived(var id, _, var route, var source) -> new Arrived(id, at, route, source);
            case Started(var id, _, var stage, var attempt, var by, var claimId) ->
                new Started(id, at, stage, attempt, by, claimId);
            case Heartbeat(var id, _, var stage, var attempt, var by) -> new Heartbeat(id, at, stage, attempt, by);
            case Completed(var id, _, var stage, var attempt, var receipt, var steps) ->
                new Completed(id, at, stage, attempt, receipt, steps);
            case FileEvent.Failed(var id, _, var stage, var attempt, var failure, var steps, var resend) ->
                new FileEvent.Failed(id, at, stage, attempt, failure, steps, resend);
            case Deferred(var id, var said, var stage, var attempt, var until, var reason) ->
                new Deferred(
                        id, at, stage, attempt, at.plus(Duration.between(said, until)), reason);
            case DeadlineReached(var id, _, var kind, var version) -> new DeadlineReached(id, at, kind, version);
            case RedriveRequested(var id, _, var sending, var by, var reason) ->
                new RedriveRequested(id, at, sending, by, reason);
            case ResolveRequested(var id, _, var sending, var by, var reason, var resolution) ->
                new ResolveRequested(id, at, sending, by, reason, resolution);
            case CancelRequested(var id, _, var sending, var by, var reason) ->
                new CancelRequested(id, at, sending, by, reason);
        };
    }
}
