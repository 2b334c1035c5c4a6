package io.waybill.runtime.ledger;

import java.util.Map;
import java.util.Set;

/** What the brokers know. Every method throws a {@link org.apache.kafka.common.KafkaException} when they do not answer. */
public interface ClusterFacts {
    /** Whose offsets are spoken of. */
    Home home();

    /** The ends of a topic's partitions as they are now, by partition. */
    Map<Integer, Bounds> bounds(String topic, Set<Integer> partitions);

    /**
     * What the group of the workers has committed of {@code transfer-work}, by partition; one without is not there. Waits
     * for transactions whose outcome is open.
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
     * Where a partition begins and ends.
     *
     * @param start the offset of the first record that is left; 0 while none was ever removed
     * @param end   the high watermark, whatever transactions are open before it; 0 while nothing was ever written
     */
    record Bounds(long start, long end) {}
}
