package io.waybill.runtime.ledger;

import java.util.Map;
import java.util.Set;

/**
 * Facts that the brokers know. Every method throws a {@link org.apache.kafka.common.KafkaException} if they do not
 * answer.
 */
public interface ClusterFacts {
    /** The cluster and topic of the offsets. */
    Home home();

    /** The ends of a topic's partitions as they are now, by partition. */
    Map<Integer, Bounds> bounds(String topic, Set<Integer> partitions);

    /**
     * The committed offsets of the workers' group in {@code transfer-work}, by partition. A partition without one is
     * absent. Waits for transactions whose outcome is open.
     */
    Map<Integer, Long> groupOffsets(Set<Integer> partitions);

    /**
     * A topic of a cluster; offsets mean nothing elsewhere.
     *
     * @param clusterId the cluster's id
     * @param topicId   the id of {@code transfer-work} there, as text
     */
    record Home(String clusterId, String topicId) {}

    /**
     * The beginning and the end of a partition.
     *
     * @param start the offset of the first record that is left; 0 while none was ever removed
     * @param end   the high watermark, whatever transactions are open before it; 0 while nothing was ever written
     */
    record Bounds(long start, long end) {}
}
