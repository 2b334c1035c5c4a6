package io.waybill.ingest.parked;

import io.waybill.domain.IngestRetry;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the partitions of {@code ingest-retry} that belong to the owned partitions of the notifications. For one
 * thread.
 */
public final class RetryTopic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetryTopic.class);

    /** Half of the time that a tombstone is kept. So a reading that has seen an entry cannot miss its tombstone. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration SLICE = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Topic<String, IngestRetry> topic;
    private final ParkedObjects parked;
    private final ProcessClock clock;
    /** The number of the assignment under which a partition was read. */
    private final Map<Integer, Long> followed = new HashMap<>();
    private final Set<Integer> read = new HashSet<>();

    /**
     * @param consumer reads committed records, in no group; this object closes it
     */
    public RetryTopic(
            Consumer<byte[], byte[]> consumer,
            Topic<String, IngestRetry> topic,
            ParkedObjects parked,
            ProcessClock clock) {
        this.consumer = consumer;
        this.topic = topic;
        this.parked = parked;
        this.clock = clock;
    }

    /**
     * Brings the parked objects up to date: whole for partitions that are new, and with what was written since for the
     * others.
     *
     * @param owned each owned partition, and the number of its assignment
     * @throws TimeoutException if a new partition is not read to its end in time
     */
    public void follow(Map<Integer, Long> owned) {
        followed.entrySet().removeIf(one -> {
            boolean lost = !one.getValue().equals(owned.get(one.getKey()));
            if (lost) {
                forget(one.getKey());
            }
            return lost;
        });
        var fresh = new HashMap<>(owned);
        fresh.keySet().removeAll(followed.keySet());
        if (!fresh.isEmpty() || followed.size() != consumer.assignment().size()) {
            followed.putAll(fresh);
            consumer.assign(followed.keySet().stream().map(this::partition).toList());
        }
        // For a consumer no partition means all of them.
        if (!fresh.isEmpty()) {
            readWhole(fresh.keySet().stream().map(this::partition).collect(Collectors.toSet()));
        }
        if (!followed.isEmpty()) {
            consumer.poll(Duration.ZERO).forEach(this::apply);
        }
    }

    /** Reads everything anew at the next {@link #follow}, because nobody knows what was committed. */
    public void restart() {
        followed.keySet().forEach(this::forget);
        followed.clear();
    }

    private void forget(int partition) {
        parked.forget(partition);
        read.remove(partition);
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic.name(), number);
    }

    private void readWhole(Set<TopicPartition> partitions) {
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = clock.after(PATIENCE);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (clock.isOver(deadline)) {
                restart();
                throw new TimeoutException("reading " + topic.name() + " to its end took longer than "
                        + PATIENCE.toSeconds() + " s; is the cluster slow?");
            }
            consumer.poll(SLICE).forEach(this::apply);
        }
        partitions.forEach(partition -> read.add(partition.partition()));
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            parked.apply(
                    record.partition(),
                    topic.key().deserializer().deserialize(record.topic(), record.key()),
                    record.value() == null
                            ? null
                            : topic.value().deserializer().deserialize(record.topic(), record.value()),
                    read.contains(record.partition()));
        } catch (SerializationException | IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("failure", e.getMessage())
                    .log("An entry about a parked object cannot be read; ingest goes on without it");
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
