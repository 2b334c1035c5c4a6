package io.waybill.devstack.demo;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.runtime.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the {@code file-state} topic from its beginning, and continues with new records. */
final class FileStates implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Topic<FileId, FileState> topic;
    private final Thread reader;
    private final Listener listener;

    /** Gets the content of the topic, for each file in its order, on the reader's thread. */
    interface Listener {
        /** The new state of a file; null if Waybill has forgotten the file. */
        void now(FileId id, @Nullable FileState state);

        /** The reading has failed. The listener gets nothing more. */
        void broken(RuntimeException failure);
    }

    /**
     * @param settings of a consumer of committed records
     * @param topic    must exist
     */
    FileStates(Map<String, Object> settings, Topic<FileId, FileState> topic, Listener listener) {
        this.topic = topic;
        this.listener = listener;
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        reader = Thread.ofPlatform().daemon().name("file-states").unstarted(this::read);
    }

    void start() {
        reader.start();
    }

    private void read() {
        try (consumer) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(one -> new TopicPartition(one.topic(), one.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                consumer.poll(POLL).forEach(this::tell);
            }
        } catch (WakeupException e) {
            // The consumer was closed.
        } catch (RuntimeException e) {
            listener.broken(e);
        }
    }

    private void tell(ConsumerRecord<byte[], byte[]> record) {
        listener.now(
                topic.key().deserializer().deserialize(topic.name(), record.key()),
                topic.value().deserializer().deserialize(topic.name(), record.value()));
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            reader.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
