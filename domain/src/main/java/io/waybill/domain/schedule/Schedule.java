package io.waybill.domain.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When files of one destination may start.
 *
 * @param windows   if there are any, one of them must be open
 * @param blackouts none of them may hold
 */
public record Schedule(List<OpeningWindow> windows, List<ClosedDays> blackouts) implements Timeline {
    public static final Schedule ALWAYS = new Schedule(List.of(), List.of());

    public Schedule {
        windows = List.copyOf(windows);
        blackouts = List.copyOf(blackouts);
    }

    /** The blackout that holds. */
    public Optional<ClosedDays> blackout(Instant at) {
        return blackouts.stream().filter(days -> days.halted(at)).findFirst();
    }

    private boolean closed(Instant at) {
        return !windows.isEmpty() && windows.stream().noneMatch(window -> window.open(at));
    }

    @Override
    public boolean halted(Instant at) {
        return closed(at) || blackout(at).isPresent();
    }

    @Override
    public Instant next(Instant at) {
        return Stream.concat(
                windows.stream().map(window -> window.next(at)), blackouts.stream().map(days -> days.next(at)))
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /** The windows, for people. */
    public String hours() {
        return windows.stream().map(OpeningWindow::toString).collect(Collectors.joining("; "));
    }
}
