package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class MicrometerIngestMetricsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final IngestMetrics metrics = new MicrometerIngestMetrics(meters);

    @Test
    void shouldCountEachOutcome() {
        var counts = new BatchCounts(1, 2, 3, 4, 5, 6, 7, 8, 9);
        metrics.committed(counts);
        assertThat(meters.counter("waybill.ingest.notifications").count()).isEqualTo(1);
        assertThat(objectEvents("matched")).isEqualTo(2);
        assertThat(objectEvents("repeated")).isEqualTo(3);
        assertThat(objectEvents("unmatched")).isEqualTo(4);
        assertThat(objectEvents("gone")).isEqualTo(5);
        assertThat(objectEvents("ignored")).isEqualTo(6);
        assertThat(objectEvents("unreadable")).isEqualTo(7);
        assertThat(meters.counter("waybill.ingest.events").count()).isEqualTo(8);
        assertThat(meters.counter("waybill.ingest.dead.letters").count()).isEqualTo(9);
        assertThat(meters.find("waybill.ingest.notices").counters().stream()
                .mapToDouble(Counter::count)
                .sum())
                .isEqualTo(counts.objectEvents());
    }

    @Test
    void shouldShowThatItWaitsForTheStore() {
        var gauge = meters.get("waybill.ingest.store.waiting").gauge();
        metrics.waiting(true);
        assertThat(gauge.value()).isEqualTo(1);
        metrics.waiting(false);
        assertThat(gauge.value()).isZero();
    }

    private double objectEvents(String outcome) {
        return meters.counter("waybill.ingest.notices", "outcome", outcome).count();
    }
}
