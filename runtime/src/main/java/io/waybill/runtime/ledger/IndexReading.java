package io.waybill.runtime.ledger;

import static java.util.Objects.requireNonNull;

import io.waybill.domain.IndexEntry;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions of the delivery index while they are read beside the ledger. Unlike a ledger, an index that is not at its
 * end in time continues with the next reading, because it may have millions of entries. It may miss only that an entry
 * is gone. An extra entry only makes a guard stricter. Not for several threads.
 */
final class IndexReading {
    private static final Logger LOG = LoggerFactory.getLogger(IndexReading.class);

    /** How many readings may leave a partition out, because others go first, before it counts as gone. */
    private static final int MOST_WAITS = 16;

    private final Topic<String, IndexEntry> topic;
    private final ClusterFacts facts;
    private final Map<Integer, Partition> partitions = new HashMap<>();
    private long readings;

    IndexReading(Topic<String, IndexEntry> topic, ClusterFacts facts) {
        this.topic = topic;
        this.facts = facts;
    }

    private static final class Partition {
        private final DeliveryIndex index = new DeliveryIndex();
        private long begun;
        private long position;
        private long end;
        private long unreadable;
        private String fault = "";
    }

    /** Records where the partitions end now. */
    void begin(Set<Integer> numbers) {
        readings++;
        // A partition that went away is dropped. One that only waits behind another continues where it was.
        partitions.values().removeIf(partition -> readings - partition.begun > MOST_WAITS);
        bounds(numbers).forEach((number, bounds) -> {
            Partition partition = partitions.computeIfAbsent(number, _ -> new Partition());
            partition.begun = readings;
            partition.position = Math.max(partition.position, bounds.start());
            partition.end = bounds.end();
        });
    }

    private Map<Integer, Bounds> bounds(Set<Integer> numbers) {
        try {
            return facts.bounds(topic.name(), numbers);
        } catch (UnknownTopicOrPartitionException e) {
            throw new KafkaException("topic " + topic.name() + " does not exist; './waybill topics' creates it", e);
        }
    }

    /** Where to continue reading. */
    Map<TopicPartition, Long> positions(Set<Integer> numbers) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        numbers.forEach(number -> positions.put(
                new TopicPartition(topic.name(), number), partition(number).position));
        return positions;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        Partition partition = partition(record.partition());
        try {
            String key = topic.key().deserializer().deserialize(topic.name(), record.key());
            partition.index.apply(key, topic.value().deserializer().deserialize(topic.name(), record.value()));
        } catch (RuntimeException e) {
            if (!PoisonLetter.blames(e)) {
                throw e;
            }
            // A missing entry makes a guard weaker. That is better than a partition that stands still.
            partition.unreadable++;
            partition.fault = "at offset " + record.offset() + ": " + e.getMessage();
        }
        // Not before: a registry that does not answer ends this reading, and the next reading asks again.
        partition.position = record.offset() + 1;
    }

    /** Whether the reading, at this position, is at the partition's end. */
    boolean reached(int number, long position) {
        return position >= partition(number).end;
    }

    /** The index of a partition that was read to its end. */
    DeliveryIndex finish(int number) {
        Partition read = partition(number);
        partitions.remove(number);
        if (read.unreadable > 0) {
            LOG.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("partition", number)
                    .addKeyValue("entries", read.unreadable)
                    .addKeyValue("failure", read.fault)
                    .log("Entries of the delivery index cannot be read, and are left out");
        }
        return read.index;
    }

    private Partition partition(int number) {
        return requireNonNull(partitions.get(number), "nothing else was assigned");
    }
}
