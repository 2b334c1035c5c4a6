package io.waybill.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions are this worker's. Everything happens on the thread that polls, except {@link #ownership}, which any
 * thread may ask for.
 */
final class Assignments implements ConsumerRebalanceListener {
    /** A rebalance of the whole group waits as long as one member hands over. */
    static final Duration HANDING_OVER = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

    private final Consumer<?, ?> consumer;
    private final BooleanSupplier settle;
    private final Map<TopicPartition, PartitionProgress> current = new HashMap<>();
    private volatile Ownership ownership;

    /**
     * @param settle commits what is finished and waits at most {@link #HANDING_OVER}; whether it came to an end
     */
    Assignments(Consumer<?, ?> consumer, ConsumerGroupMetadata beforeJoining, BooleanSupplier settle) {
        this.consumer = consumer;
        this.settle = settle;
        this.ownership = new Ownership(Map.of(), beforeJoining);
    }

    /** What was owned when the polling thread last looked. */
    Ownership ownership() {
        return ownership;
    }

    /** Looks what is owned now. */
    void capture() {
        ownership = new Ownership(current, consumer.groupMetadata());
    }

    /** The current assignment of a partition; null if it has none. */
    @Nullable
    PartitionProgress of(TopicPartition partition) {
        return current.get(partition);
    }

    Collection<PartitionProgress> all() {
        return current.values();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            current.put(partition, new PartitionProgress(partition));
            LOG.atInfo()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .log("Took over a partition");
        }
        capture();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (!settle.getAsBoolean()) {
            LOG.atWarn().log("Finished work could not be committed in time; the next owner does it again");
        }
        lose(partitions, "Handed a partition over");
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        // Somebody else owns them already: there is nothing to be committed any more.
        lose(partitions, "Lost a partition");
    }

    private void lose(Collection<TopicPartition> partitions, String message) {
        for (TopicPartition partition : partitions) {
            PartitionProgress progress = current.remove(partition);
            if (progress != null) {
                progress.end();
                LOG.atInfo()
                        .addKeyValue("topic", partition.topic())
                        .addKeyValue("partition", partition.partition())
                        .log(message);
            }
        }
        capture();
    }

    /** Forgets everything that is not committed, and reads it again. */
    void beginAgain() {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
        for (TopicPartition partition : consumer.assignment()) {
            PartitionProgress before = current.put(partition, new PartitionProgress(partition));
            if (before != null) {
                before.end();
            }
            OffsetAndMetadata position = committed.get(partition);
            if (position != null) {
                consumer.seek(partition, position);
            } else {
                consumer.seekToBeginning(List.of(partition));
            }
        }
        capture();
        LOG.atWarn().addKeyValue("partitions", committed.size()).log("Reading again from the committed positions");
    }
}
