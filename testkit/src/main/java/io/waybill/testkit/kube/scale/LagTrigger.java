package io.waybill.testkit.kube.scale;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** KEDA's {@code kafka} trigger. */
public final class LagTrigger implements Trigger {
    private static final long LIMIT_SECONDS = 20;
    private static final Set<String> KEYS = Set.of(
            "activationLagThreshold",
            "allowIdleConsumers",
            "bootstrapServers",
            "consumerGroup",
            "excludePersistentLag",
            "lagThreshold",
            "limitToPartitionsWithLag",
            "offsetResetPolicy",
            "sasl",
            "scaleToZeroOnInvalidOffset",
            "tls",
            "topic",
            "version");

    private final Admin admin;
    private final String group;
    private final String topic;
    private final GroupLag lag;

    /**
     * @param metadata of the trigger
     * @param servers  in place of those that it names
     */
    public LagTrigger(JsonNode metadata, String servers) {
        metadata.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("KEDA's trigger has no key " + key);
            }
        });
        if (metadata.path("excludePersistentLag").asBoolean()) {
            throw new IllegalArgumentException("excludePersistentLag ends a worker that sends a large file");
        }
        group = metadata.path("consumerGroup").asText();
        topic = metadata.path("topic").asText();
        lag = new GroupLag(
                metadata.path("lagThreshold").asLong(10),
                metadata.path("activationLagThreshold").asLong(0),
                metadata.path("limitToPartitionsWithLag").asBoolean(),
                metadata.path("allowIdleConsumers").asBoolean(),
                metadata.path("offsetResetPolicy").asText("latest").equals("earliest"),
                metadata.path("scaleToZeroOnInvalidOffset").asBoolean());
        admin = Admin.create(Map.of("bootstrap.servers", servers, "enable.metrics.push", false));
    }

    @Override
    public Reading read() throws IOException, InterruptedException {
        var offsets = new HashMap<TopicPartition, Long>();
        var ends = ends();
        offsets().forEach((partition, offset) -> {
            if (partition.topic().equals(topic)) {
                offsets.put(partition, offset);
            }
        });
        return lag.of(ends, offsets);
    }

    /** The ends of the log, with what is not committed and with the markers of transactions. */
    public Map<TopicPartition, Long> ends() throws IOException, InterruptedException {
        var described = Objects.requireNonNull(get(admin.describeTopics(Set.of(topic)).allTopicNames()).get(topic));
        var partitions = described.partitions();
        var wanted = partitions.stream().collect(Collectors.toMap(
                one -> new TopicPartition(topic, one.partition()), _ -> OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        get(admin.listOffsets(wanted).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** The offsets of the group, without those that are not committed yet. */
    public Map<TopicPartition, Long> offsets() throws IOException, InterruptedException {
        var offsets = new HashMap<TopicPartition, Long>();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).forEach((partition, offset) -> {
            if (offset != null) {
                offsets.put(partition, offset.offset());
            }
        });
        return offsets;
    }

    private static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("Kafka does not answer", e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("Kafka does not answer in time", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
