package io.waybill.runtime.status;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.live.WorkerStatus;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.TopicFollower;
import io.waybill.runtime.topic.TopicReader;
import io.waybill.runtime.topic.TopicReader.Met;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows {@code worker-status}, and removes what dead workers left there. All instances do both. */
public final class WorkerStatusFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerStatusFollower.class);
    /** The broker tells of a record at once; without one it answers this seldom. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

    private final TopicFollower<String, WorkerStatus> follower;
    private final LiveWorkers workers;

    /**
     * @param service for names of threads and clients
     */
    public WorkerStatusFollower(
            String service,
            ClientSettings settings,
            Topic<String, WorkerStatus> topic,
            MeterRegistry meters,
            ProcessClock time) {
        workers = new LiveWorkers(time);
        follower = new TopicFollower<>(
                service + "-worker-status",
                settings,
                LONGEST_WAIT,
                topic,
                new Sweeping(workers, keys -> removed(settings, topic, keys), time));
        Gauge.builder("waybill.workers", workers, LiveWorkers::count).strongReference(true).register(meters);
    }

    /** Made for a few records and closed again: they are rare. Does not wait long, and nobody waits for it. */
    private static void removed(ClientSettings settings, Topic<String, WorkerStatus> topic, List<String> keys) {
        Map<String, Object> apart = settings.producer();
        apart.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        apart.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        apart.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        apart.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        try (var producer = new KafkaProducer<>(apart, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String key : keys) {
                var _ = producer.send(topic.record(key, null));
            }
        }
    }

    /** What was read so far. */
    public LiveWorkers workers() {
        return workers;
    }

    public void start() {
        follower.start();
    }

    /** As {@link TopicFollower#fault}. */
    public Optional<String> fault() {
        return follower.fault();
    }

    @Override
    public void close() {
        follower.close();
    }

    /** Hands on what is read, and removes now and then what is past. */
    static final class Sweeping implements TopicReader.Listener<String, WorkerStatus> {
        private final LiveWorkers workers;
        private final Consumer<List<String>> removal;
        private final ProcessClock time;
        private long next;

        Sweeping(LiveWorkers workers, Consumer<List<String>> removal, ProcessClock time) {
            this.workers = workers;
            this.removal = removal;
            this.time = time;
            this.next = time.after(BETWEEN_SWEEPS);
        }

        @Override
        public void read(String key, @Nullable WorkerStatus status, Met met) {
            workers.read(key, status, met);
        }

        @Override
        public void polled() {
            if (!time.isOver(next)) {
                return;
            }
            next = time.after(BETWEEN_SWEEPS);
            List<String> past = workers.past();
            if (past.isEmpty()) {
                return;
            }
            try {
                removal.accept(past);
            } catch (RuntimeException e) {
                // Readers leave it out anyway, and the next sweep tries again.
                LOG.atDebug().addKeyValue("entries", past.size()).setCause(e).log("Old entries could not be removed");
            }
        }
    }
}
