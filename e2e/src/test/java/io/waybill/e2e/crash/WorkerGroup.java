package io.waybill.e2e.crash;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The consumer group of the workers, as an operator sees it. Thread-safe. */
final class WorkerGroup implements AutoCloseable {
    private final Admin admin;
    private final String name;
    private final WaybillConfig config;

    WorkerGroup(WaybillConfig config) {
        this.config = config;
        admin = Admin.create(new ClientSettings(config.kafka()).admin());
        name = config.topics().prefix() + "transfer-worker";
    }

    /** Lets members that say nothing be put out sooner than they would be. */
    void shortenSessions(Duration timeout) throws InterruptedException {
        var group = new ConfigResource(ConfigResource.Type.GROUP, name);
        Collection<AlterConfigOp> changes = List.of(
                set("consumer.session.timeout.ms", timeout.toMillis()), set("consumer.heartbeat.interval.ms", 400));
        get(admin.incrementalAlterConfigs(Map.of(group, changes)).all());
    }

    private static AlterConfigOp set(String key, long value) {
        return new AlterConfigOp(new ConfigEntry(key, String.valueOf(value)), OpType.SET);
    }

    /** Returns when a worker is no member any more. */
    void awaitWithout(String workerId) throws InterruptedException {
        await(workerId + " to be put out of the group").until(() -> members().stream()
                .noneMatch(member -> member.clientId().equals(workerId)));
    }

    /** Returns when every worker that is a member has some partitions. */
    void awaitMembers(int count) throws InterruptedException {
        await(count + " members with partitions").until(() -> members().stream()
                .filter(member -> !member.assignment().topicPartitions().isEmpty())
                .count() == count);
    }

    private Collection<MemberDescription> members() throws InterruptedException {
        return get(admin.describeConsumerGroups(List.of(name)).describedGroups().get(name)).members();
    }

    /** What was committed last. */
    Map<TopicPartition, OffsetAndMetadata> offsets() throws InterruptedException {
        return get(admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata());
    }

    /**
     * How far the group is behind the end of each partition, as KEDA computes it: markers and aborted records count, and
     * without an offset the whole partition does.
     */
    Map<TopicPartition, Long> lag() throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets();
        var ends = new HashMap<TopicPartition, Long>();
        get(admin.listOffsets(
                partitions().stream().collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest())),
                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        ends.replaceAll((partition, end) -> end
                - Optional.ofNullable(offsets.get(partition)).map(OffsetAndMetadata::offset).orElse(0L));
        return ends;
    }

    /** Returns when the group is behind nowhere. */
    void awaitNoLag(Duration limit) throws InterruptedException {
        await("no lag in any partition")
                .atMost(limit)
                .untilAsserted(() -> assertThat(lag()).allSatisfy((_, lag) -> assertThat(lag).isZero()));
    }

    /** A transaction with a record in each partition of the work, which is rolled back: what it leaves is not to be read. */
    void abortOne() throws InterruptedException {
        try (var producer = new KafkaProducer<>(
                new ClientSettings(config.kafka()).transactionalProducer("aborting"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (TopicPartition partition : partitions()) {
                var _ = producer.send(new ProducerRecord<>(
                        partition.topic(), partition.partition(), new byte[0], new byte[] {1}));
            }
            producer.flush();
            producer.abortTransaction();
        }
    }

    /** Those that there are: the topics were created with other numbers than those of the configuration. */
    private List<TopicPartition> partitions() throws InterruptedException {
        String topic = config.topics().prefix() + "transfer-work";
        return get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /** As {@code kafka-consumer-groups --reset-offsets}: only while there are no members. */
    void reset(Map<TopicPartition, OffsetAndMetadata> offsets) throws InterruptedException {
        get(admin.alterConsumerGroupOffsets(name, offsets).all());
    }

    /** As {@code kafka-consumer-groups --delete}, and as the expiry of the offsets of an empty group. */
    void delete() throws InterruptedException {
        get(admin.deleteConsumerGroups(List.of(name)).all());
    }

    private static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError("the broker refused", e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
