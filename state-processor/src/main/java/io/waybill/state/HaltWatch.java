package io.waybill.state;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.waybill.domain.Suspension;
import io.waybill.domain.Suspension.Subject;
import io.waybill.runtime.halt.Halt;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.thread.SideThread;
import io.waybill.runtime.time.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what is halted as a metric, and reminds people of pauses that nobody gave an end: when they begin, at the start of
 * this process, and every day.
 */
final class HaltWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HaltWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration LAST_LOOK = Duration.ofSeconds(3);
    private static final Duration DAY = Duration.ofDays(1);

    private final Halts halts;
    private final InstantSource clock;
    private final MultiGauge gauge;
    private final CountDownLatch stopping = new CountDownLatch(1);
    /** All tags that were shown: what is not halted any more is 0. */
    private final Set<Tags> shown = new HashSet<>();
    /** Of each pause, its begin and the days of which people were reminded. */
    private final Map<Subject, Reminder> reminders = new HashMap<>();
    private final SideThread thread = new SideThread(
            "state-processor-halts", "does not remind of pauses nor show them as a metric any more", this::run);

    private record Reminder(Instant since, long days) {}

    HaltWatch(Halts halts, MeterRegistry meters, InstantSource clock) {
        this.halts = halts;
        this.clock = clock;
        this.gauge = MultiGauge.builder("waybill.halted").register(meters);
    }

    void start() {
        thread.start();
    }

    private void run() throws InterruptedException {
        Pause pause = Pause.until(stopping);
        while (stopping.getCount() > 0) {
            look();
            pause.take(PERIOD);
        }
    }

    /** As {@link SideThread#fault}. */
    Optional<String> fault() {
        return thread.fault();
    }

    /** One look at the halts. */
    void look() {
        Instant now = clock.instant();
        show(now);
        halts.suspensions().forEach(suspension -> suspension.present(now).ifPresentOrElse(
                pause -> {
                    if (pause.to() == null) {
                        remind(suspension, pause.from(), now);
                    }
                },
                () -> reminders.remove(suspension.subject())));
    }

    private void show(Instant now) {
        var rows = new LinkedHashMap<Tags, Integer>();
        shown.forEach(tags -> rows.put(tags, 0));
        halts.now(now).forEach(halt -> rows.put(tags(halt), 1));
        shown.addAll(rows.keySet());
        gauge.register(
                rows.entrySet().stream().<MultiGauge.Row<?>>map(row -> MultiGauge.Row.of(row.getKey(), row.getValue()))
                        .toList(),
                true);
    }

    private static Tags tags(Halt halt) {
        return Tags.of(
                "destination",
                halt.what() instanceof Subject.Destination(var name) ? name.value() : "none",
                "route",
                halt.what() instanceof Subject.OfRoute(var name) ? name.value() : "none",
                "kind",
                halt.kind().name());
    }

    private void remind(Suspension suspension, Instant since, Instant now) {
        var today = new Reminder(since, Duration.between(since, now).dividedBy(DAY));
        if (!today.equals(reminders.put(suspension.subject(), today))) {
            LOG.atWarn()
                    .addKeyValue("what", suspension.subject())
                    .addKeyValue("since", since)
                    .addKeyValue("by", suspension.by())
                    .addKeyValue("reason", suspension.reason())
                    .log("Somebody paused it without an end; './waybill resume' ends the pause");
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!thread.join(LAST_LOOK)) {
                LOG.atWarn().log("The watch of pauses did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
