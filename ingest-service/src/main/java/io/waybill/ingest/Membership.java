package io.waybill.ingest;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps what is owned and by which membership together. A live member that lost a partition can still commit to it
 * with fresh metadata, so a batch is committed only with metadata taken in the same breath as its partitions, and only
 * for those that were ours all the time since it was read.
 *
 * <p>The callbacks alone say what is ours: {@link Consumer#assignment} goes on listing a revoked partition until another
 * thread of the client has taken it off. For the poll thread, which also makes the callbacks.
 */
final class Membership implements ConsumerRebalanceListener {
    /**
     * @param metadata what the group is told at commit
     */
    record Owned(Set<TopicPartition> partitions, ConsumerGroupMetadata metadata) {}

    private final Consumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> ours = new HashSet<>();
    private final Set<TopicPartition> lost = new HashSet<>();
    private boolean held;

    Membership(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** A batch begins: from here on what is lost is lost to it, even if it comes back. */
    void begin() {
        lost.clear();
    }

    /** What the batch may commit now, and as whom. */
    Owned owned() {
        // Metadata first: should the group move on in between, it is the older one, and is refused.
        ConsumerGroupMetadata metadata = consumer.groupMetadata();
        var partitions = new HashSet<>(ours);
        partitions.removeAll(lost);
        if (metadata.generationId() <= 0) {
            // Thrown out of the group, and not told by a callback yet: a commit without a member would be let through.
            partitions.clear();
        }
        return new Owned(partitions, metadata);
    }

    /** The partitions that may be paused, resumed and sought. */
    Set<TopicPartition> current() {
        return Set.copyOf(ours);
    }

    /** From here on polls keep the membership alive and bring no records. */
    void hold() {
        held = true;
        consumer.pause(ours);
    }

    /** Polls bring records again. */
    void release() {
        held = false;
        consumer.resume(ours);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        ours.addAll(partitions);
        if (held) {
            consumer.pause(partitions);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        ours.removeAll(partitions);
        lost.addAll(partitions);
    }
}
