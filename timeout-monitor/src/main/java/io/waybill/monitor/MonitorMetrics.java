package io.waybill.monitor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.FileState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;

/**
 * The metrics of the monitor.
 *
 * <ul>
 *   <li>{@code waybill.deadlines.open}: how many deadlines this process watches in all its tasks; complete some minutes
 *       after a start.
 *   <li>{@code waybill.deadlines.lag.seconds}: how long the oldest deadline is overdue for which a tick had no time;
 *       more than a minute for several minutes means that the monitor does not keep up.
 *   <li>{@code waybill.deadlines.said} by kind and by whether the monitor reported the deadline before. Repeats mean
 *       that the state-processor is behind, or that events are lost.
 *   <li>{@code waybill.dead.letters} by status: equals the number of files that became FAILED or TIMED_OUT.
 * </ul>
 *
 * <p>After a failure Kafka Streams may process a record again. The monitor counts it again, but Kafka commits its
 * effects once.
 */
final class MonitorMetrics {
    private final MeterRegistry meters;
    private final Map<TaskId, Reading> tasks = new ConcurrentHashMap<>();

    private record Reading(long open, Duration lag) {}

    MonitorMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Registers the gauges. Call it once for each monitor. */
    void show() {
        Gauge.builder("waybill.deadlines.open", tasks, all -> all.values().stream()
                .mapToLong(Reading::open)
                .sum())
                .register(meters);
        Gauge.builder("waybill.deadlines.lag.seconds", tasks, all -> all.values().stream()
                .mapToDouble(reading -> reading.lag().toMillis() / 1000.0)
                .max()
                .orElse(0))
                .register(meters);
    }

    void ticked(TaskId task, long open, Duration lag) {
        tasks.put(task, new Reading(open, lag));
    }

    void closed(TaskId task) {
        tasks.remove(task);
    }

    void said(DeadlineKind kind, boolean repeated) {
        meters.counter("waybill.deadlines.said", "kind", kind.name(), "repeated", Boolean.toString(repeated))
                .increment();
    }

    void deadLetter(FileState file) {
        meters.counter("waybill.dead.letters", "status", file.status().name()).increment();
    }
}
