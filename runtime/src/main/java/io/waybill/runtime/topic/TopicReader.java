package io.waybill.runtime.topic;

import io.waybill.runtime.time.Pause;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of a compacted topic to their ends, and follows the topic from there. After any error it starts
 * again from the beginning. {@link #run} runs on the reader's own thread; any thread may call the other methods.
 */
public final class TopicReader<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Ends ends;
    private final Topic<K, V> topic;
    private final Listener<K, V> listener;
    private final Pause pause;
    private final CountDownLatch read = new CountDownLatch(1);
    /** The offset after the last record that was read of each partition. */
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private volatile @Nullable Consumer<byte[], byte[]> current;

    /** How a reader met a record. */
    public enum Met {
        /** It has read it before: an error made it start again. */
        AGAIN,
        /** The record was in the topic when the reader started, or started again. */
        STORED,
        /** The record was written since. */
        FRESH
    }

    /** Takes what was read. Called by the reader's thread. */
    @FunctionalInterface
    public interface Listener<K, V> {
        /**
         * @param value null for a tombstone
         */
        void read(K key, @Nullable V value, Met met);

        /** Called about once a second, whether there was a record or not. */
        default void polled() {}
    }

    /** Where partitions end, with what is written in transactions that are still open. */
    @FunctionalInterface
    public interface Ends {
        Map<TopicPartition, Long> of(List<TopicPartition> partitions);
    }

    /**
     * @param consumers makes consumers that read committed records, in no group; closed here
     * @param ends      a consumer of committed records does not know them: it would stop before a record whose writer was
     *                  just told that it is durable, and whose transaction is not marked as ended yet
     * @param pause     taken before the reader starts again after an error
     */
    public TopicReader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Ends ends,
            Topic<K, V> topic,
            Listener<K, V> listener,
            Pause pause) {
        this.consumers = consumers;
        this.ends = ends;
        this.topic = topic;
        this.listener = listener;
        this.pause = pause;
    }

    /**
     * Waits until all records that existed at the start are read.
     *
     * @return false if that takes longer than {@code patience}
     */
    public boolean awaitRead(Duration patience) throws InterruptedException {
        return read.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether all records that existed at the start are read. Does not wait. */
    public boolean caughtUp() {
        return read.getCount() == 0;
    }

    /** Makes {@link #run} check at once whether it must return. Does not wait. */
    public void wakeup() {
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    /** Reads until {@code stopped} says so. */
    public void run(BooleanSupplier stopped) throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                current = consumer;
                follow(consumer, stopped);
            } catch (WakeupException e) {
                // The reader must return, or starts again.
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                LOG.atWarn()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("failure", e.toString())
                        .log("A topic cannot be followed; the next try comes soon");
                pause.take(PAUSE);
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer, BooleanSupplier stopped) {
        List<TopicPartition> partitions = partitions(consumer);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> written = ends.of(partitions);
        while (!stopped.getAsBoolean()) {
            // Before the first poll, too: nothing comes from an empty topic.
            if (read.getCount() > 0 && written.entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                LOG.atInfo().addKeyValue("topic", topic.name()).log("A topic is read, and followed from here");
                read.countDown();
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                take(record, written);
            }
            listener.polled();
        }
    }

    private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("topic " + topic.name() + " does not exist; './waybill topics' creates it");
        }
        return partitions;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Long> written) {
        var partition = new TopicPartition(record.topic(), record.partition());
        try {
            K key = topic.key().deserializer().deserialize(topic.name(), record.key());
            V value = topic.value().deserializer().deserialize(topic.name(), record.value());
            listener.read(key, value, met(partition, record.offset(), written));
        } catch (RuntimeException e) {
            if (!PoisonLetter.blames(e)) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("failure", e.toString())
                    .log("A record cannot be read, and is left out");
        }
        next.merge(partition, record.offset() + 1, Math::max);
    }

    private Met met(TopicPartition partition, long offset, Map<TopicPartition, Long> written) {
        if (offset < next.getOrDefault(partition, 0L)) {
            return Met.AGAIN;
        }
        return offset < written.getOrDefault(partition, 0L) ? Met.STORED : Met.FRESH;
    }
}
