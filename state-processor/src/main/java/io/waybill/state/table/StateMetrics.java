package io.waybill.state.table;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import org.jspecify.annotations.Nullable;

/**
 * What the state processor counts, all in records of file-events:
 *
 * <pre>read = moved + ignored + rejected + unreadable</pre>
 *
 * where unreadable is {@code waybill.records.unreadable} of this service. Ignored events are replays and late reports,
 * normal in any number; a rejected or unreadable one is a dead letter and should be looked at. Kafka Streams may do a
 * record again after a failure: its effects are committed once, and it is counted each time.
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
