package io.waybill.e2e.crash;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileState;
import io.waybill.domain.ReadyFile;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads all that is committed to the topics of files, from the beginning on, through restarts of the broker. */
public final class TopicTail implements AutoCloseable {
    private final DomainSerdes serdes;
    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Queue<FileState> states = new ConcurrentLinkedQueue<>();
    private final Queue<FileEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<ReadyFile> ready = new ConcurrentLinkedQueue<>();
    private final Map<String, FileState> latest = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable CountDownLatch> waiting = new AtomicReference<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread reading;
    private volatile long lastRecord = System.nanoTime();
    private volatile @Nullable Throwable failure;

    public TopicTail(WaybillConfig config) {
        serdes = DomainSerdes.from(config.serde());
        topics = Topics.from(config.topics(), serdes);
        consumer = new KafkaConsumer<>(
                new ClientSettings(config.kafka()).consumer(), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(topics.fileState(), topics.fileEvents(), topics.readyFiles())
                .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        reading = Thread.ofPlatform().name("topic-tail").start(this::read);
    }

    private void read() {
        try (consumer) {
            while (stopping.getCount() > 0) {
                consumer.poll(Duration.ofMillis(100)).forEach(this::take);
                CountDownLatch latch = waiting.get();
                if (latch != null && atEnd()) {
                    latch.countDown();
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private boolean atEnd() {
        try {
            return consumer.endOffsets(consumer.assignment()).entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        } catch (KafkaException e) {
            return false;
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        lastRecord = System.nanoTime();
        if (record.value() == null) {
            return;
        }
        if (record.topic().equals(topics.fileState().name())) {
            FileState state = value(topics.fileState(), record);
            states.add(state);
            latest.put(Sent.identity(state.source()), state);
        } else if (record.topic().equals(topics.fileEvents().name())) {
            events.add(value(topics.fileEvents(), record));
        } else {
            ready.add(value(topics.readyFiles(), record));
        }
    }

    private static <V> V value(Topic<?, V> topic, ConsumerRecord<byte[], byte[]> record) {
        return topic.value().deserializer().deserialize(topic.name(), record.value());
    }

    /** The newest state of every file, by {@link Sent#identity}. */
    public Map<String, FileState> latest() {
        return latest;
    }

    /** Whether anything was committed during the last while. */
    boolean quietFor(Duration time) {
        return System.nanoTime() - lastRecord > time.toNanos();
    }

    List<FileState> states() {
        return List.copyOf(states);
    }

    public List<FileEvent> events() {
        return List.copyOf(events);
    }

    List<ReadyFile> ready() {
        return List.copyOf(ready);
    }

    /** Returns when all that is committed by now was read. */
    public void catchUp() throws InterruptedException {
        var latch = new CountDownLatch(1);
        waiting.set(latch);
        if (!latch.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the topics could not be read to their end", failure);
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            reading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        serdes.close();
    }
}
