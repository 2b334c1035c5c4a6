package io.waybill.state.table;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import io.waybill.state.index.FileGroup;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the state-processor counts, for all records of file-events:
 *
 * <pre>read = moved + ignored + rejected + unreadable</pre>
 *
 * where unreadable is {@code waybill.records.unreadable} of this service. Ignored events are replays and late reports.
 * They are normal in any number. A rejected or unreadable event becomes a dead letter, and somebody should look at it.
 * After a failure Kafka Streams may process a record again. Kafka commits its effects once, but the record is counted
 * each time.
 */
final class StateMetrics {
    private final MeterRegistry meters;
    private final MultiGauge waiting;
    private Map<FileGroup, Long> shown = Map.of();

    /**
     * @param routes that are configured; they are shown before their first file
     */
    StateMetrics(MeterRegistry meters, Collection<RouteName> routes) {
        this.meters = meters;
        this.waiting = MultiGauge.builder("waybill.files.waiting").register(meters);
        for (RouteName route : routes) {
            Arrays.stream(Status.values()).filter(Status::terminal).forEach(status -> ended(route, status));
            bytes(route);
        }
    }

    /**
     * Shows how many files are held back, and by what. Any thread.
     *
     * @param counts of all files of this process
     */
    synchronized void waiting(Map<FileGroup, Long> counts) {
        var held = new HashMap<FileGroup, Long>();
        counts.forEach((group, count) -> {
            if (group.status() == Status.PENDING && group.failure() != null) {
                held.put(group, count);
            }
        });
        if (held.equals(shown)) {
            return;
        }
        // What is not held back any more is shown as 0 once, so that nobody takes the last number for today's.
        shown.keySet().forEach(group -> held.putIfAbsent(group, 0L));
        waiting.register(
                held.entrySet().stream().map(each -> row(each.getKey(), each.getValue())).toList(), true);
        held.values().removeIf(count -> count == 0);
        shown = held;
    }

    private static MultiGauge.Row<?> row(FileGroup group, long count) {
        return MultiGauge.Row.of(
                Tags.of(
                        "route",
                        group.route().value(),
                        "destination",
                        group.destination() == null ? "none" : group.destination().value(),
                        "failure",
                        String.valueOf(group.failure())),
                count);
    }

    private Counter ended(RouteName route, Status status) {
        return meters.counter("waybill.route.files", "route", route.value(), "outcome", status.name());
    }

    private Counter bytes(RouteName route) {
        return meters.counter("waybill.route.bytes", "route", route.value());
    }

    void moved(@Nullable FileState before, FileState after) {
        meters.counter(
                "waybill.files.moved",
                "from",
                before == null ? "none" : before.status().name(),
                "to",
                after.status().name())
                .increment();
        if (after.forgotten()) {
            meters.counter("waybill.files.forgotten", "status", after.status().name()).increment();
        }
        ended(before, after);
    }

    private void ended(@Nullable FileState before, FileState after) {
        // A file whose resend was refused is as delivered as it was counted before.
        if (after.status().terminal()
                && (before == null || before.status() != after.status())
                && after.refusedResend().isEmpty()) {
            ended(after.route(), after.status()).increment();
            if (after.status() == Status.COMPLETED) {
                bytes(after.route()).increment((double) after.source().size());
            }
        }
    }

    void ignored(FileEvent event) {
        meters.counter("waybill.events.ignored", "event", kind(event)).increment();
    }

    void rejected(FileEvent event) {
        meters.counter("waybill.events.rejected", "event", kind(event)).increment();
    }

    /** Counts files whose target another key of their route had before. */
    void targetShared(RouteName route) {
        meters.counter("waybill.files.target.collisions", "route", route.value()).increment();
    }

    /** Counts, apart from the moves of records, files that were handed out before their time, because what they waited for may be tried again. */
    void released(FileState before, FileState after) {
        meters.counter("waybill.files.released").increment();
        // The key of a file may suit no path of the route that is known now.
        ended(before, after);
    }

    /** Counts files that left the table because their retention was over. */
    void expired() {
        meters.counter("waybill.files.expired").increment();
    }

    private static String kind(FileEvent event) {
        return event.getClass().getSimpleName();
    }
}
