package io.waybill.runtime.topic;

import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.kafka.WrittenEnds;
import io.waybill.runtime.thread.SideThread;
import io.waybill.runtime.time.Pause;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a compacted topic on a thread of its own: every instance needs all of it, whatever partitions of other topics it
 * owns.
 */
public final class TopicFollower<K, V> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(3);

    private final String name;
    private final ClientSettings settings;
    private final Duration wait;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final TopicReader<K, V> reader;
    private final SideThread thread;

    /**
     * @param name     of the thread and, with the product before it, of the client
     * @param wait     how seldom the broker answers without a record
     * @param listener called by this thread
     */
    public TopicFollower(
            String name,
            ClientSettings settings,
            Duration wait,
            Topic<K, V> topic,
            TopicReader.Listener<K, V> listener) {
        this.name = name;
        this.settings = settings;
        this.wait = wait;
        this.reader = new TopicReader<>(
                this::consumer,
                partitions -> WrittenEnds.of(settings, partitions),
                topic,
                listener,
                Pause.until(stopping));
        this.thread = new SideThread(
                name,
                "does not follow topic " + topic.name() + " any more",
                () -> reader.run(() -> stopping.getCount() == 0));
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> alone = settings.follower(wait);
        alone.put(ConsumerConfig.CLIENT_ID_CONFIG, "waybill-" + name);
        // If the topic is missing, the reader says so and does not create it.
        alone.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return new KafkaConsumer<>(alone, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public void start() {
        thread.start();
    }

    /** As {@link SideThread#fault}. What Kafka refuses is no fault: the reader tries that again. */
    public Optional<String> fault() {
        return thread.fault();
    }

    /** As {@link TopicReader#caughtUp}. */
    public boolean caughtUp() {
        return reader.caughtUp();
    }

    /** As {@link TopicReader#awaitRead}. */
    public boolean awaitRead(Duration patience) throws InterruptedException {
        return reader.awaitRead(patience);
    }

    @Override
    public void close() {
        stopping.countDown();
        reader.wakeup();
        try {
            if (!thread.join(LAST_CHANCE)) {
                LOG.atWarn().addKeyValue("reader", name).log("The reader of a topic did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
