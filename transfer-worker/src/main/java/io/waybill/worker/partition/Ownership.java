package io.waybill.worker.partition;

import io.waybill.domain.Lane;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What this worker owns, and how the group knows it, as of one moment on the thread that polls. The two belong together:
 * with the group's metadata of a later moment a member that lives on can commit a partition that it has lost meanwhile.
 */
public record Ownership(Map<TopicPartition, PartitionProgress> partitions, ConsumerGroupMetadata group) {
    public Ownership {
        partitions = Map.copyOf(partitions);
    }

    /** Whether the lane is used under an assignment that still stands, so that no other worker uses it. */
    public boolean has(Lane lane) {
        return partitions.values().stream()
                .anyMatch(progress -> progress.stands() && progress.lanes().contains(lane));
    }

    /** Whether this assignment, and not just one of the same partition, is owned. */
    public boolean includes(PartitionProgress progress) {
        return progress.commits() && partitions.get(progress.partition()) == progress;
    }
}
