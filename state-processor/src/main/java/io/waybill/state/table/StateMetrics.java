package io.waybill.state.table;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
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

    StateMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void moved(@Nullable FileState before, FileState after) {
        meters.counter(
                "waybill.files.moved",
                "from",
                before == null ? "none" : before.status().name(),
                "to",
                after.status().name())
                .increment();
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

    /** Counts files that left the table because their retention was over. */
    void expired() {
        meters.counter("waybill.files.expired").increment();
    }

    private static String kind(FileEvent event) {
        return event.getClass().getSimpleName();
    }
}
