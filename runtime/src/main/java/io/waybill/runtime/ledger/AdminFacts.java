package io.waybill.runtime.ledger;

import static java.util.Objects.requireNonNull;

import io.waybill.runtime.kafka.AdminAnswer;
import io.waybill.runtime.topic.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Asks a cluster. Every call waits at most half a minute for each answer. Safe for several threads. */
public final class AdminFacts implements ClusterFacts {
    /** The admin client would wait longer for a partition without a leader. */
    private static final int PATIENCE_MILLIS = 10_000;

    private final Admin admin;
    private final String work;
    private final String group;

    /**
     * @param admin closed by the caller
     * @param group the consumer group of the workers
     */
    public AdminFacts(Admin admin, Topics topics, String group) {
        this.admin = admin;
        this.work = topics.transferWork().name();
        this.group = group;
    }

    @Override
    public Home home() {
        String cluster = AdminAnswer.of(admin.describeCluster().clusterId());
        var topics = AdminAnswer.of(admin.describeTopics(List.of(work)).allTopicNames());
        return new Home(cluster, requireNonNull(topics.get(work), work).topicId().toString());
    }

    @Override
    public Map<Integer, Bounds> bounds(String topic, Set<Integer> partitions) {
        Map<Integer, Long> starts = offsets(topic, partitions, OffsetSpec.earliest());
        Map<Integer, Long> ends = offsets(topic, partitions, OffsetSpec.latest());
        return partitions.stream().collect(Collectors.toMap(
                Function.identity(),
                partition -> new Bounds(
                        requireNonNull(starts.get(partition), topic), requireNonNull(ends.get(partition), topic))));
    }

    private Map<Integer, Long> offsets(String topic, Set<Integer> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> questions = partitions.stream()
                .collect(Collectors.toMap(partition -> new TopicPartition(topic, partition), _ -> which));
        // Committed offsets end before the first open transaction. The records that matter here are after it.
        var answers = AdminAnswer.of(admin.listOffsets(
                questions, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(PATIENCE_MILLIS))
                .all());
        var offsets = new HashMap<Integer, Long>();
        answers.forEach((partition, answer) -> offsets.put(partition.partition(), answer.offset()));
        return offsets;
    }

    @Override
    public Map<Integer, Long> groupOffsets(Set<Integer> partitions) {
        List<TopicPartition> wanted = partitions.stream()
                .map(partition -> new TopicPartition(work, partition))
                .toList();
        var found = new HashMap<Integer, Long>();
        try {
            AdminAnswer.of(admin.listConsumerGroupOffsets(
                    Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(wanted)),
                    new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata(group))
                    .forEach((partition, committed) -> {
                        if (committed != null) {
                            found.put(partition.partition(), committed.offset());
                        }
                    });
        } catch (GroupIdNotFoundException e) {
            // A group that never existed has committed nothing.
            return Map.of();
        }
        return found;
    }
}
