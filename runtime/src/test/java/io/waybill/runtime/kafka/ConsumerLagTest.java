package io.waybill.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class ConsumerLagTest {
    private final Map<MetricName, Metric> metrics = new HashMap<>();

    private void metric(String name, Object value, Map<String, String> tags) {
        var key = new MetricName(name, "consumer-fetch-manager-metrics", "", tags);
        metrics.put(key, new Metric() {
            @Override
            public MetricName metricName() {
                return key;
            }

            @Override
            public Object metricValue() {
                return value;
            }
        });
    }

    @Test
    void shouldAddUpWhatIsNotReadYet() {
        var registry = new SimpleMeterRegistry();
        ConsumerLag.show(registry, "transfer-worker", () -> metrics);
        metric("records-lag", 3.0, Map.of("client-id", "a", "topic", "t", "partition", "0"));
        metric("records-lag", 4.0, Map.of("client-id", "a", "topic", "t", "partition", "1"));
        metric("records-lag", Double.NaN, Map.of("client-id", "a", "topic", "t", "partition", "2"));
        metric("records-lag", 9.0, Map.of("client-id", "x-restore-consumer", "topic", "t", "partition", "0"));
        metric("records-lag-max", 4.0, Map.of("client-id", "a"));
        metric("version", "4.3.1", Map.of("client-id", "a"));

        assertThat(registry.get("waybill.lag.records").tag("service", "transfer-worker").gauge().value()).isEqualTo(7);
    }
}
