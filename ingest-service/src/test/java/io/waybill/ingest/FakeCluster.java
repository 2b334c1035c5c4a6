package io.waybill.ingest;

import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.IngestRetry.Skip;
import io.waybill.domain.SourceObject;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A group of one member over two partitions, and the log of what it committed. */
final class FakeCluster implements KafkaClients {
    static final TopicPartition FIRST = new TopicPartition("waybill.s3-notifications", 0);
    static final TopicPartition SECOND = new TopicPartition("waybill.s3-notifications", 1);

    static final Topics TOPICS = Fixture.topics();

    final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
    final List<RuntimeException> refusals = new CopyOnWriteArrayList<>();

    private final RetryReader retries = new RetryReader();
    private final Map<TopicPartition, OffsetAndMetadata> stands = new HashMap<>();

    FakeCluster() {
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
        consumer.updateEndOffsets(Map.of(FIRST, Long.MAX_VALUE, SECOND, Long.MAX_VALUE));
        consumer.schedulePollTask(() -> {
            consumer.commitSync(stands);
            consumer.rebalance(List.of(FIRST, SECOND));
        });
    }

    /** Where the group stands before the service starts. */
    void stands(TopicPartition partition, long offset) {
        stands.put(partition, new OffsetAndMetadata(offset));
    }

    /** From now on what is parked becomes visible late: at {@link #reveal}. */
    void conceal() {
        retries.concealed = true;
    }

    void reveal() {
        retries.reveal();
    }

    void skip(Skip skip) {
        var record = TOPICS.ingestRetry().record(skip.entryKey(), skip);
        retries.append(List.of(
                new ProducerRecord<>(record.topic(), skip.place().partition(), record.key(), record.value())));
    }

    @Override
    public Consumer<byte[], byte[]> reader() {
        return retries;
    }

    @Override
    public FencingGuard fencing(ProcessClock clock) {
        return new FencingGuard("streams.instanceId", "waybill-1", Duration.ofSeconds(10), clock);
    }

    @Override
    public Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        var producer =
                new MockProducer<byte[], byte[]>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public void sendOffsetsToTransaction(
                            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
                        if (!refusals.isEmpty()) {
                            throw refusals.removeFirst();
                        }
                        super.sendOffsetsToTransaction(offsets, metadata);
                    }

                    @Override
                    public void commitTransaction() {
                        int before = history().size();
                        super.commitTransaction();
                        retries.commit(history().subList(before, history().size()));
                    }
                };
        producers.add(producer);
        return producer;
    }

    void send(TopicPartition partition, long offset, byte[] value) {
        consumer.schedulePollTask(
                () -> consumer.addRecord(Fixture.record(partition.partition(), offset, value)));
    }

    /** Where the group stands in a partition; 0 where nothing was committed. */
    long committed(TopicPartition partition) {
        return producers.stream()
                .flatMap(producer -> producer.consumerGroupOffsetsHistory().stream())
                .flatMap(groups -> groups.values().stream())
                .filter(offsets -> offsets.containsKey(partition))
                .mapToLong(offsets -> offsets.get(partition).offset())
                .max()
                .orElse(0);
    }

    long written(String topic) {
        return producers.stream()
                .flatMap(producer -> producer.history().stream())
                .filter(record -> record.topic().equals(topic))
                .count();
    }

    List<String> arrivals() {
        return producers.stream()
                .flatMap(producer -> new ArrayList<>(producer.history()).stream())
                .filter(record -> record.topic().equals(TOPICS.fileEvents().name()))
                .map(record -> (Arrived) Fixture.value(TOPICS.fileEvents(), record))
                .map(Arrived::source)
                .map(SourceObject::key)
                .collect(Collectors.toList());
    }

    /** Reads the topic of parked objects, which is what the producers committed. */
    static final class RetryReader extends MockConsumer<byte[], byte[]> {
        private final Map<TopicPartition, List<ProducerRecord<byte[], byte[]>>> log = new HashMap<>();
        private final List<ProducerRecord<byte[], byte[]>> later = new ArrayList<>();
        private volatile boolean concealed;

        RetryReader() {
            super("earliest");
            for (int i = 0; i < 2; i++) {
                var partition = new TopicPartition(TOPICS.ingestRetry().name(), i);
                log.put(partition, new ArrayList<>());
                updateBeginningOffsets(Map.of(partition, 0L));
                updateEndOffsets(Map.of(partition, 0L));
            }
        }

        synchronized void commit(List<ProducerRecord<byte[], byte[]>> records) {
            if (concealed) {
                later.addAll(records);
            } else {
                append(records);
            }
        }

        synchronized void reveal() {
            concealed = false;
            append(later);
            later.clear();
        }

        synchronized void append(List<ProducerRecord<byte[], byte[]>> records) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                if (record.topic().equals(TOPICS.ingestRetry().name())) {
                    var partition = new TopicPartition(record.topic(), record.partition());
                    log.get(partition).add(record);
                    updateEndOffsets(Map.of(partition, (long) log.get(partition).size()));
                }
            }
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            for (TopicPartition partition : assignment()) {
                List<ProducerRecord<byte[], byte[]>> records = log.get(partition);
                for (long offset = position(partition); offset < records.size(); offset++) {
                    ProducerRecord<byte[], byte[]> record = records.get((int) offset);
                    addRecord(new ConsumerRecord<>(
                            record.topic(), record.partition(), offset, record.key(), record.value()));
                }
            }
            return super.poll(timeout);
        }
    }
}
