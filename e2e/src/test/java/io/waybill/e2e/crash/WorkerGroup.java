package io.waybill.e2e.crash;

import static io.waybill.e2e.Conditions.await;

import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** The consumer group of the workers, as an operator sees it. Thread-safe. */
final class WorkerGroup implements AutoCloseable {
    private final Admin admin;
    private final String name;

    WorkerGroup(WaybillConfig config) {
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
