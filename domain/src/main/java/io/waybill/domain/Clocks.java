package io.waybill.domain;

import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileEvent.ForgetRequested;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileEvent.RedriveRequested;
import io.waybill.domain.FileEvent.ResendRequested;
import io.waybill.domain.FileEvent.ResolveRequested;
import io.waybill.domain.FileEvent.Started;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides when an event happened. An event carries the time of its writer's clock, which may be hours slow or a day
 * fast. Every time-out, back-off and deferral is counted from the result. Three clocks give a time for each event: the
 * clock of its writer, of the process that moved the file last, and of the process that applies the event. If one of
 * them alone is wrong, it is never the middle one.
 */
final class Clocks {
    private Clocks() {}

    /**
     * The event with the time that its writer's correct clock would give. Times that the event states relative to its
     * own, such as the end of a wait, move along.
     *
     * @param seen when the event is applied, by the clock of the process that applies it
     */
    static FileEvent corrected(@Nullable FileState file, FileEvent event, Instant seen) {
        return switch (event) {
            // Deadlines are compared with this clock. A time that it has given must not seem to be in the future.
            case DeadlineReached _ -> event;
            // An old arrival that is notified again stays old.
            case Arrived arrived when file != null -> at(earlier(arrived.at(), seen), arrived);
            case Arrived arrived -> at(middle(arrived.at(), seen, arrived.source().lastModified()), arrived);
            case FileEvent.Report _, FileEvent.Request _ ->
                file == null ? event : at(happened(event.at(), seen, file.changedAt()), event);
        };
    }

    private static Instant happened(Instant said, Instant seen, Instant before) {
        // An event cannot happen before the one it follows. Only the clock of the moment knows how much later it
        // happened.
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
            case DeadlineReached(var id, _, var kind, var version, var asked) ->
                new DeadlineReached(id, at, kind, version, asked);
            case RedriveRequested(var id, _, var sending, var by, var reason) ->
                new RedriveRequested(id, at, sending, by, reason);
            case ResendRequested(var id, _, var sending, var by, var reason, var announce) ->
                new ResendRequested(id, at, sending, by, reason, announce);
            case ForgetRequested(var id, _, var sending, var by, var reason) ->
                new ForgetRequested(id, at, sending, by, reason);
            case ResolveRequested(var id, _, var sending, var by, var reason, var resolution) ->
                new ResolveRequested(id, at, sending, by, reason, resolution);
            case CancelRequested(var id, _, var sending, var by, var reason) ->
                new CancelRequested(id, at, sending, by, reason);
        };
    }
}
