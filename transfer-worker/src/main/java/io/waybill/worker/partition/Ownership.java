package io.waybill.worker.partition;

import io.waybill.domain.Lane;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What this worker owns and the group's metadata, both from the same moment on the polling thread. They belong together:
 * with newer metadata, a live member could commit for a partition that it has already lost.
 */
public record Ownership(Map<TopicPartition, PartitionProgress> partitions, ConsumerGroupMetadata group) {
    public Ownership {
        partitions = Map.copyOf(partitions);
    }

    /** Whether the lane is used under an assignment that still holds, so that no other worker uses it. */
    public boolean has(Lane lane) {
        return partitions.values().stream()
                .anyMatch(progress -> progress.stands() && progress.lanes().contains(lane));
    }

    /** Whether this worker owns this assignment, and not just another one of the same partition. */
    public boolean includes(PartitionProgress progress) {
        return progress.commits() && partitions.get(progress.partition()) == progress;
    }
}
