package io.waybill.ingest;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.IngestRetry.Place;
import io.waybill.domain.IngestRetry.Skip;
import io.waybill.ingest.FakeCluster.RetryReader;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A group of one member over two partitions that keep what was sent, so that it is read again from any offset. Partitions
 * come and go, and commits fail in every way.
 */
final class UnsteadyCluster implements KafkaClients {
    /** How the next commit ends. */
    enum Commit {
        REFUSED_BY_THE_GROUP,
        ABORTED,
        /** It is committed, and nobody hears of it. */
        COMMITTED_UNHEARD,
        /** The first answer comes too late. */
        LATE
    }

    final Queue<Commit> commits = new ConcurrentLinkedQueue<>();
    final AtomicLong polls = new AtomicLong();
    private final RetryReader retries = new RetryReader();
    private final LoggedConsumer consumer = new LoggedConsumer();
    private final Map<TopicPartition, Long> stands = new ConcurrentHashMap<>();
    private final List<ProducerRecord<byte[], byte[]>> committed = new CopyOnWriteArrayList<>();

    UnsteadyCluster() {
        owns(List.of(FakeCluster.FIRST, FakeCluster.SECOND));
    }

    /** The partitions that the member has from one of the next polls on. */
    void owns(Collection<TopicPartition> partitions) {
        consumer.schedulePollTask(() -> consumer.rebalance(partitions));
    }

    Place send(int partition, byte[] value) {
        return new Place(partition, consumer.append(partition, value));
    }

    void skip(Skip skip) {
        var record = FakeCluster.TOPICS.ingestRetry().record(skip.entryKey(), skip);
        retries.append(List.of(
                new ProducerRecord<>(record.topic(), skip.place().partition(), record.key(), record.value())));
    }

    /** Whether the group stands at the end of all partitions. */
    boolean allRead() {
        return consumer.log.entrySet().stream()
                .allMatch(each -> each.getValue().size() == stands.getOrDefault(each.getKey(), 0L));
    }

    List<String> arrivals() {
        return committed.stream()
                .filter(record -> record.topic().equals(FakeCluster.TOPICS.fileEvents().name()))
                .map(record -> (Arrived) Fixture.value(FakeCluster.TOPICS.fileEvents(), record))
                .map(arrived -> arrived.source().key())
                .toList();
    }

    /** Of which notifications there are letters. */
    List<String> letters() {
        return committed.stream()
                .filter(record -> record.topic().equals(FakeCluster.TOPICS.deadLetters().name()))
                .map(record -> (DeadLetter.Poison) Fixture.value(FakeCluster.TOPICS.deadLetters(), record))
                .map(DeadLetter.Poison::origin)
                .toList();
    }

    @Override
    public Consumer<byte[], byte[]> consumer() {
        return consumer;
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
    public Producer<byte[], byte[]> producer() {
        return new UnsteadyProducer();
    }

    private final class UnsteadyProducer extends MockProducer<byte[], byte[]> {
        private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        private boolean broken;
        private boolean late;

        UnsteadyProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
            if (commits.peek() == Commit.REFUSED_BY_THE_GROUP) {
                commits.remove();
                throw new CommitFailedException();
            }
            next.clear();
            next.putAll(offsets);
            super.sendOffsetsToTransaction(offsets, metadata);
        }

        @Override
        public void commitTransaction() {
            Commit how = late ? null : commits.poll();
            if (how == Commit.LATE) {
                late = true;
                throw new TimeoutException("no answer in time");
            }
            late = false;
            if (how == Commit.ABORTED || how == Commit.REFUSED_BY_THE_GROUP) {
                throw new KafkaException("the transaction must be aborted");
            }
            int before = history().size();
            super.commitTransaction();
            List<ProducerRecord<byte[], byte[]>> now = history().subList(before, history().size());
            committed.addAll(now);
            next.forEach((partition, offset) -> stands.put(partition, offset.offset()));
            retries.commit(now);
            if (how == Commit.COMMITTED_UNHEARD) {
                broken = true;
                throw new KafkaException("the answer was lost");
            }
        }

        @Override
        public void abortTransaction() {
            if (broken) {
                throw new KafkaException("the producer is in a fatal state");
            }
            super.abortTransaction();
        }
    }

    private final class LoggedConsumer extends MockConsumer<byte[], byte[]> {
        private final Map<TopicPartition, List<byte[]>> log =
                Map.of(FakeCluster.FIRST, new ArrayList<>(), FakeCluster.SECOND, new ArrayList<>());

        LoggedConsumer() {
            super("earliest");
            updateBeginningOffsets(Map.of(FakeCluster.FIRST, 0L, FakeCluster.SECOND, 0L));
            updateEndOffsets(Map.of(FakeCluster.FIRST, Long.MAX_VALUE, FakeCluster.SECOND, Long.MAX_VALUE));
        }

        synchronized long append(int partition, byte[] value) {
            List<byte[]> records = log.get(new TopicPartition(FakeCluster.FIRST.topic(), partition));
            records.add(value);
            return records.size() - 1L;
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls.incrementAndGet();
            for (TopicPartition partition : assignment()) {
                if (!paused().contains(partition)) {
                    List<byte[]> records = log.get(partition);
                    for (long offset = position(partition); offset < records.size(); offset++) {
                        addRecord(Fixture.record(partition.partition(), offset, records.get((int) offset)));
                    }
                }
            }
            return super.poll(timeout);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
            var found = new HashMap<TopicPartition, OffsetAndMetadata>();
            for (TopicPartition partition : partitions) {
                Long offset = stands.get(partition);
                if (offset != null) {
                    found.put(partition, new OffsetAndMetadata(offset));
                }
            }
            return found;
        }
    }
}
