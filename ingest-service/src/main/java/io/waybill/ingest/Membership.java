package io.waybill.ingest;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps the owned partitions and the membership together. A live member that has lost a partition can still commit to
 * it with fresh metadata. So a batch is committed only with metadata that was captured together with its partitions,
 * and only for partitions that this member has owned without a break since the batch was read.
 *
 * <p>Only the callbacks say which partitions this member owns. {@link Consumer#assignment} still lists a revoked
 * partition until another thread of the client has removed it. For the poll thread, which also makes the callbacks.
 */
final class Membership implements ConsumerRebalanceListener {
    /**
     * @param metadata the membership that the commit names to the group
     */
    record Owned(Set<TopicPartition> partitions, ConsumerGroupMetadata metadata) {}

    private final Consumer<byte[], byte[]> consumer;
    private final java.util.function.Consumer<Collection<TopicPartition>> begin;
    private final Map<TopicPartition, Long> ours = new HashMap<>();
    private final Set<TopicPartition> lost = new HashSet<>();
    private long assignments;
    private boolean held;

    /**
     * @param begin sets where the consumer begins in partitions that this member gets
     */
    Membership(Consumer<byte[], byte[]> consumer, java.util.function.Consumer<Collection<TopicPartition>> begin) {
        this.consumer = consumer;
        this.begin = begin;
    }

    /**
     * Begins a batch. From now on the batch has lost every partition that is revoked, even if the partition comes back.
     */
    void begin() {
        lost.clear();
    }

    /** The partitions that the batch may commit now, and the membership for that commit. */
    Owned owned() {
        // Read the metadata first. If the group changes in between, the metadata is the older one, and the group
        // refuses it.
        ConsumerGroupMetadata metadata = consumer.groupMetadata();
        var partitions = new HashSet<>(ours.keySet());
        partitions.removeAll(lost);
        if (metadata.generationId() <= 0) {
            // The group has removed this member, and no callback has reported it yet. The broker would accept a commit
            // without a member.
            partitions.clear();
        }
        return new Owned(partitions, metadata);
    }

    /** The partitions that the loop may pause, resume and seek. */
    Set<TopicPartition> current() {
        return Set.copyOf(ours.keySet());
    }

    /** The number of each owned partition, and that of its assignment: another one after it was lost and came back. */
    Map<Integer, Long> assignments() {
        var numbers = new HashMap<Integer, Long>();
        ours.forEach((partition, assignment) -> numbers.put(partition.partition(), assignment));
        return numbers;
    }

    /** From now on polls keep the membership alive and return no records. */
    void hold() {
        held = true;
        consumer.pause(current());
    }

    /** Polls return records again. */
    void release() {
        held = false;
        consumer.resume(current());
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assignments++;
        partitions.forEach(partition -> ours.put(partition, assignments));
        if (held) {
            consumer.pause(partitions);
        }
        begin.accept(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.forEach(ours::remove);
        lost.addAll(partitions);
    }
}
