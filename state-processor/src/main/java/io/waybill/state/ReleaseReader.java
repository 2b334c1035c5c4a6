package io.waybill.state;

import io.waybill.domain.Control;
import io.waybill.domain.Release;
import io.waybill.domain.Suspension;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.topic.ControlsReader;
import io.waybill.runtime.topic.Topics;
import io.waybill.state.table.Releases;
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

/** Reads releases and pauses on a thread of its own, because every instance needs all of them, whatever partitions it owns. */
final class ReleaseReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReleaseReader.class);
    private static final Duration LAST_CHANCE = Duration.ofSeconds(3);

    private final ClientSettings settings;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ControlsReader reader;
    private volatile @Nullable Thread thread;

    ReleaseReader(ClientSettings settings, Topics topics, Releases releases, Halts halts) {
        this.settings = settings;
        this.reader = new ControlsReader(
                this::consumer,
                topics.controls(),
                (_, record) -> {
                    switch (record) {
                        case Release release -> releases.heard(release);
                        case Suspension suspension -> halts.heard(suspension);
                        case Control _ -> {
                            // For workers.
                        }
                        case null -> {
                            // A control that is no longer needed.
                        }
                    }
                },
                Pause.until(stopping));
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> alone = settings.follower();
        alone.put(ConsumerConfig.CLIENT_ID_CONFIG, "waybill-releases");
        // If the topic is missing, the reader says so and does not create it.
        alone.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return new KafkaConsumer<>(alone, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void start() {
        thread = Thread.ofPlatform().name("state-processor-releases").start(this::run);
    }

    private void run() {
        try {
            reader.run(() -> stopping.getCount() == 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // Files that wait are still tried when their time comes.
            LOG.atError().setCause(e).log("The reader of releases ended");
        }
    }

    /** Whether everything that existed when it started is read. Any thread. */
    boolean caughtUp() {
        return reader.caughtUp();
    }

    @Override
    public void close() {
        stopping.countDown();
        reader.wakeup();
        Thread started = thread;
        try {
            if (started != null && !started.join(LAST_CHANCE)) {
                LOG.atWarn().log("The reader of releases did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
