package io.waybill.runtime.kafka;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** The gauge {@code waybill.lag.records}: how many records the consumers of a service have not read yet. */
public final class ConsumerLag {
    private ConsumerLag() {}

    /**
     * Registers the gauge.
     *
     * @param client the metrics of the service's Kafka clients; asked at any time, by any thread
     */
    public static void show(
            MeterRegistry meters, String service, Supplier<? extends Map<MetricName, ? extends Metric>> client) {
        Gauge.builder("waybill.lag.records", client, ConsumerLag::records)
                .tag("service", service)
                .strongReference(true)
                .register(meters);
    }

    /** The sum over the partitions that the consumers have. */
    private static double records(Supplier<? extends Map<MetricName, ? extends Metric>> client) {
        return client.get().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("records-lag")
                        && metric.getKey().tags().containsKey("partition")
                        // A restore reads the service's own stores.
                        && !metric.getKey().tags().getOrDefault("client-id", "").contains("restore"))
                .mapToDouble(metric -> metric.getValue().metricValue() instanceof Number number
                        ? number.doubleValue()
                        : 0)
                .filter(lag -> lag > 0)
                .sum();
    }
}
