package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MicrometerIngestMetricsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final IngestMetrics metrics = new MicrometerIngestMetrics(meters, Set.of("outbound"));

    @Test
    void shouldCountEachOutcome() {
        var counts = new BatchCounts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
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
        assertThat(meters.counter("waybill.ingest.parked").count()).isEqualTo(10);
        assertThat(meters.find("waybill.ingest.notices").counters().stream()
                .mapToDouble(Counter::count)
                .sum())
                .isEqualTo(counts.objectEvents());
    }

    @Test
    void shouldShowThatItWaitsForTheStore() {
        assertThat(gauge("waybill.ingest.store.waiting")).isZero();
        assertThat(gauge("waybill.ingest.bucket.up")).isEqualTo(1);
        assertThat(gauge("waybill.ingest.objects.waiting")).isZero();

        metrics.waiting(Map.of("outbound", 3), true, Set.of("outbound"));

        assertThat(gauge("waybill.ingest.store.waiting")).isEqualTo(1);
        assertThat(gauge("waybill.ingest.bucket.up")).isZero();
        assertThat(gauge("waybill.ingest.objects.waiting")).isEqualTo(3);
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    private double objectEvents(String outcome) {
        return meters.counter("waybill.ingest.notices", "outcome", outcome).count();
    }
}
