package io.waybill.runtime.kafka;

import io.waybill.runtime.time.Pause;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.Metric;

/**
 * Polls as a member of a group, and waits where Kafka's consumer does not: as long as the group's coordinator is away and a
 * heartbeat is due, {@code poll} turns in a loop on two threads instead of waiting (KAFKA-20253). A worker that does so takes
 * the processor from the broker that starts again. The consumer's own thread.
 */
public final class MemberPoll<K, V> {
    /** The broker's default interval of heartbeats. A longer one costs some polls more, and no records. */
    private static final double SILENCE_SECONDS = 5;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Consumer<K, V> consumer;
    private final Pause pause;
    private Optional<Metric> heartbeat = Optional.empty();

    /**
     * @param pause is taken while the coordinator is away
     */
    public MemberPoll(Consumer<K, V> consumer, Pause pause) {
        this.consumer = consumer;
        this.pause = pause;
    }

    /**
     * Polls.
     *
     * @param atMost to wait for records; while the coordinator is away it is 50 ms, and records that are there come after them
     */
    public ConsumerRecords<K, V> poll(Duration atMost) throws InterruptedException {
        if (!coordinatorIsAway()) {
            return consumer.poll(atMost);
        }
        pause.take(PAUSE);
        return consumer.poll(Duration.ZERO);
    }

    /** Negative before the first heartbeat: then nothing is due. */
    private boolean coordinatorIsAway() {
        if (heartbeat.isEmpty()) {
            heartbeat = consumer.metrics().values().stream()
                    .map(Metric.class::cast)
                    .filter(metric -> metric.metricName().name().equals("last-heartbeat-seconds-ago"))
                    .findAny();
        }
        return heartbeat
                .map(Metric::metricValue)
                .filter(value -> value instanceof Number ago && ago.doubleValue() > SILENCE_SECONDS)
                .isPresent();
    }
}
