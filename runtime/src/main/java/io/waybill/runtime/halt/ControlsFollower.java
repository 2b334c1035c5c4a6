package io.waybill.runtime.halt;

import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.kafka.WrittenEnds;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.topic.ControlsReader;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code controls} on a thread of its own: every instance needs all of them, whatever partitions it owns. */
public final class ControlsFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlsFollower.class);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(3);

    private final String service;
    private final ClientSettings settings;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ControlsReader reader;
    private volatile @Nullable Thread thread;

    /**
     * @param service  for names of threads and clients
     * @param listener called by this thread
     */
    public ControlsFollower(
            String service, ClientSettings settings, Topics topics, ControlsReader.Listener listener) {
        this.service = service;
        this.settings = settings;
        this.reader = new ControlsReader(
                this::consumer,
                partitions -> WrittenEnds.of(settings, partitions),
                topics.controls(),
                listener,
                Pause.until(stopping));
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> alone = settings.follower();
        alone.put(ConsumerConfig.CLIENT_ID_CONFIG, "waybill-" + service + "-controls");
        // If the topic is missing, the reader says so and does not create it.
        alone.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return new KafkaConsumer<>(alone, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public void start() {
        thread = Thread.ofPlatform().name(service + "-controls").start(this::run);
    }

    private void run() {
        try {
            reader.run(() -> stopping.getCount() == 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // Files that wait are still tried when their time comes.
            LOG.atError().addKeyValue("service", service).setCause(e).log("The reader of controls ended");
        }
    }

    /** As {@link ControlsReader#caughtUp}. */
    public boolean caughtUp() {
        return reader.caughtUp();
    }

    /** As {@link ControlsReader#awaitRead}. */
    public boolean awaitRead(Duration patience) throws InterruptedException {
        return reader.awaitRead(patience);
    }

    @Override
    public void close() {
        stopping.countDown();
        reader.wakeup();
        Thread started = thread;
        try {
            if (started != null && !started.join(LAST_CHANCE)) {
                LOG.atWarn().addKeyValue("service", service).log("The reader of controls did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
