package io.waybill.ingest;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets where the consumer begins in a partition: where the group stands. Refuses to begin if Kafka has removed records that
 * the group had not read. For the poll thread.
 */
final class Positions {
    private static final Logger LOG = LoggerFactory.getLogger(Positions.class);

    private final Consumer<byte[], byte[]> consumer;
    private final Set<String> buckets;
    private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();

    /** Kafka has removed notifications that nobody had read. Only a person can accept that. */
    static final class NotificationsLostException extends KafkaException {
        private static final long serialVersionUID = 1L;

        private NotificationsLostException(String message) {
            super(message);
        }
    }

    /**
     * @param buckets of all routes, for people
     */
    Positions(Consumer<byte[], byte[]> consumer, Set<String> buckets) {
        this.consumer = consumer;
        this.buckets = buckets;
    }

    /**
     * Moves the consumer to the group's offsets.
     *
     * @throws NotificationsLostException if the group's offset is before the start of a partition
     */
    void restore(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        var lost = new TreeSet<String>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata stands = committed.get(partition);
            long start = starts.getOrDefault(partition, 0L);
            if (stands == null) {
                begin(partition, start);
            } else if (stands.offset() > ends.getOrDefault(partition, Long.MAX_VALUE)) {
                LOG.atWarn()
                        .addKeyValue("partition", partition)
                        .addKeyValue("offset", stands.offset())
                        .log("The group's offset is behind the end of a partition; somebody made the topic anew, and"
                                + " ingest begins at its start");
                begin(partition, start);
            } else if (stands.offset() < start) {
                lost.add(partition + ": offsets " + stands.offset() + " to " + (start - 1) + ", up to "
                        + (start - stands.offset()) + " notifications");
            } else {
                consumer.seek(partition, stands);
                next.put(partition, stands);
            }
        }
        if (!lost.isEmpty()) {
            throw new NotificationsLostException("Kafka removed notifications before ingest read them: "
                    + String.join("; ", lost) + ". Waybill knows nothing of the objects in the buckets " + buckets
                    + " that they told of. Find those objects and write them again, or send them another way."
                    + " './waybill skip --lost' lets ingest go on with the notifications that are left; raise"
                    + " retention.ms of the topic if ingest may be down for longer");
        }
    }

    private void begin(TopicPartition partition, long start) {
        if (start > 0) {
            LOG.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("start", start)
                    .log("The group has no offset for a partition whose oldest notifications are gone; if ingest was"
                            + " down for longer than Kafka keeps its offsets, notifications may be lost");
        }
        consumer.seekToBeginning(Set.of(partition));
        next.put(partition, new OffsetAndMetadata(start));
    }

    /**
     * Where the group could stand in partitions of which the consumer has read more than the group has committed. Without
     * records that were read and not committed, what is between is no notification: the markers of transactions, or what
     * their writers took back.
     */
    Map<TopicPartition, OffsetAndMetadata> behind(Collection<TopicPartition> partitions) {
        var behind = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata stands = next.get(partition);
            if (stands == null) {
                continue;
            }
            long position = consumer.position(partition);
            if (position > stands.offset()) {
                behind.put(partition, new OffsetAndMetadata(position));
            }
        }
        return behind;
    }

    /** Notes what the group has committed. */
    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        next.putAll(offsets);
    }

    /**
     * Where the group stands in a partition of this instance. The consumer may be further: at records that were read and
     * not committed.
     */
    OffsetAndMetadata next(TopicPartition partition) {
        return requireNonNull(next.get(partition), "only partitions of this instance have a position");
    }
}
