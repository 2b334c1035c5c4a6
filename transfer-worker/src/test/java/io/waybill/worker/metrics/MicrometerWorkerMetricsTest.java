package io.waybill.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.DestinationName;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicrometerWorkerMetricsTest {
    private static final DestinationName ACME = new DestinationName("acme");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final WorkerMetrics metrics = new MicrometerWorkerMetrics(registry, List.of(ACME));

    private double gauge(String name) {
        return registry.get(name).tag("destination", "acme").gauge().value();
    }

    @Test
    void shouldShowEachConfiguredDestinationBeforeItIsTried() {
        assertThat(gauge("waybill.worker.destination.up")).isOne();
        assertThat(gauge("waybill.worker.destination.connections")).isZero();
        assertThat(gauge("waybill.worker.in.flight")).isZero();
        assertThat(registry.get("waybill.worker.destination.bytes").counter().count()).isZero();
    }

    @Test
    void shouldShowADestinationThatIsDown() {
        metrics.reachable(ACME, false);

        assertThat(gauge("waybill.worker.destination.up")).isZero();
    }

    @Test
    void shouldCountWhatADestinationGot() {
        metrics.delivered(ACME, 42);

        assertThat(registry.get("waybill.worker.destination.bytes").tag("destination", "acme").counter().count())
                .isEqualTo(42);
    }
}
