package io.waybill.ingest.sqs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.waybill.ingest.source.QueueSource;
import io.waybill.ingest.source.SourceSettings;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.thread.SideThread;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.Pause;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.store.queue.MessageQueue;
import io.waybill.store.queue.QueueException;
import io.waybill.store.queue.QueueMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the notifications of one queue to the topic of notifications, from where they are read as any others. Several
 * instances may read one queue. Meters {@code waybill.source.up} (0 or 1) and {@code waybill.source.messages} by outcome.
 * One thread runs it; any thread may close it or ask for its trouble.
 */
public final class QueueBridge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueBridge.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private final QueueSource source;
    private final MessageQueue queue;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final String topic;
    private final ProcessClock clock;
    private final SideThread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Pause pause = Pause.until(closing);
    private final AtomicInteger up;
    private final Counter forwarded;
    private final Counter tooLarge;
    private volatile String trouble = "";
    private int failures;

    /**
     * @param queue     closed together with the bridge
     * @param producers gives a new writer of single records
     * @param topic     the name of the topic of notifications
     */
    QueueBridge(
            QueueSource source,
            MessageQueue queue,
            Supplier<Producer<byte[], byte[]>> producers,
            String topic,
            MeterRegistry meters,
            ProcessClock clock) {
        this.source = source;
        this.queue = queue;
        this.producers = producers;
        this.topic = topic;
        this.clock = clock;
        thread = new SideThread("source-" + source.name(), "does not read the source " + source.name(), this::run);
        up = meters.gauge("waybill.source.up", Tags.of("source", source.name()), new AtomicInteger(1));
        forwarded = meters.counter("waybill.source.messages", "source", source.name(), "outcome", "forwarded");
        tooLarge = meters.counter("waybill.source.messages", "source", source.name(), "outcome", "too_large");
    }

    /** One for each queue of the configuration; {@link #start} begins to read. */
    public static List<QueueBridge> of(
            WaybillConfig config, Topics topics, MeterRegistry meters, ProcessClock clock) {
        return config.of(SourceSettings.SECTION).queues().stream()
                .map(source -> new QueueBridge(
                        source,
                        new MessageQueue(source.settings(config.s3())),
                        () -> producer(config, source),
                        topics.s3Notifications().name(),
                        meters,
                        clock))
                .toList();
    }

    private static Producer<byte[], byte[]> producer(WaybillConfig config, QueueSource source) {
        return producer(
                new ClientSettings(config.kafka()), config.streams().instanceId() + "-source-" + source.name());
    }

    /** The writer of a bridge. */
    static Producer<byte[], byte[]> producer(ClientSettings clients, String id) {
        var settings = clients.producer();
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, id);
        // One batch for each message: a batch that is too large for the broker because of one of its records is split, and
        // sent, and split again without an end (seen with Kafka 4.3.1).
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, "0");
        // The bridge hides the messages as long as it takes.
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, String.valueOf(Integer.MAX_VALUE));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        // A message of SQS may be as large as a record, which then has no room left. Notifications are compressed to a tenth.
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(4 << 20));
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public void start() {
        thread.start();
    }

    /** What keeps files of this source from coming, for people; empty if nothing does. */
    public Optional<String> trouble() {
        return thread.fault()
                .or(() -> Optional.of(trouble).filter(text -> !text.isEmpty()))
                .map(text -> "source " + source.name() + ": " + text);
    }

    private void run() throws InterruptedException {
        while (!isClosing()) {
            try {
                passUntilClosing();
            } catch (QueueException | KafkaException e) {
                if (!isClosing()) {
                    failures++;
                    fails(e);
                    pause.take(BACKOFF.after(failures));
                }
            }
        }
    }

    private void passUntilClosing() throws QueueException, InterruptedException {
        Producer<byte[], byte[]> producer = producers.get();
        try {
            while (!isClosing()) {
                pass(producer);
                failures = 0;
                works();
            }
        } finally {
            // What Kafka has not acknowledged comes again from the queue.
            producer.close(Duration.ZERO);
        }
    }

    private void pass(Producer<byte[], byte[]> producer) throws QueueException, InterruptedException {
        List<QueueMessage> messages = queue.receive();
        if (messages.isEmpty()) {
            return;
        }
        var forwarding =
                new Forwarding(queue, producer, topic, source.visibility(), this::isClosing, this::waits, clock);
        try {
            forwarding.forward(messages);
        } finally {
            forwarded.increment(forwarding.written());
            tooLarge.increment(forwarding.tooLarge());
        }
    }

    private void works() {
        if (!trouble.isEmpty()) {
            LOG.atInfo().addKeyValue("source", source.name()).log("The source answers again");
        }
        trouble = "";
        up.set(1);
    }

    private void waits() {
        fails("Kafka does not answer; messages that were received stay hidden until it does");
    }

    private void fails(Exception failure) {
        fails(failure instanceof QueueException ? String.valueOf(failure.getMessage()) : Reasons.of(failure));
    }

    private void fails(String now) {
        if (!now.equals(trouble)) {
            LOG.atWarn()
                    .addKeyValue("source", source.name())
                    .addKeyValue("failure", now)
                    .log("A source cannot be read; its messages wait in the queue, and nothing is lost");
        }
        trouble = now;
        up.set(0);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Stops to receive. Messages that Kafka does not have yet come again. */
    @Override
    public void close() {
        closing.countDown();
        // It ends the long wait for messages.
        queue.close();
    }

    /** Waits for the end of what {@link #close} stopped. */
    public void join(Duration patience) throws InterruptedException {
        if (!thread.join(patience)) {
            LOG.atWarn().addKeyValue("source", source.name()).log("The thread of a source does not end");
        }
    }
}
