package io.waybill.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;

/**
 * What the audit-service shows of its work: how many entries it chained, how many checkpoints it made, signed or not, and
 * how many entries no checkpoint proves yet.
 */
final class AuditMetrics {
    private final MeterRegistry meters;
    private final Map<TaskId, Long> unproven = new ConcurrentHashMap<>();

    AuditMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Registers the gauge. Call it once for each service. */
    void show() {
        Gauge.builder("waybill.audit.unproven", unproven, all -> all.values().stream()
                .mapToLong(Long::longValue)
                .sum())
                .register(meters);
    }

    void chained(TaskId task, long now) {
        meters.counter("waybill.audit.entries").increment();
        unproven.put(task, now);
    }

    void checkpoint(TaskId task, boolean signed) {
        meters.counter("waybill.audit.checkpoints", "signed", Boolean.toString(signed)).increment();
        unproven.put(task, 0L);
    }

    void opened(TaskId task, long now) {
        unproven.put(task, now);
    }

    void closed(TaskId task) {
        unproven.remove(task);
    }
}
