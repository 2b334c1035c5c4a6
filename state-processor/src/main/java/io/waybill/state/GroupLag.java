package io.waybill.state;

import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.state.http.StatusRoute;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Asks the brokers how far the consumer group of each service is behind. People ask seldom, so each question has a
 * client of its own.
 */
final class GroupLag implements StatusRoute.Backlog {
    private static final int PATIENCE_MILLIS = 5_000;

    private final ClientSettings settings;
    private final Map<String, String> groups;

    GroupLag(WaybillConfig config) {
        settings = new ClientSettings(config.kafka());
        groups = groups(config.topics().prefix());
    }

    /** The consumer groups of the services that read records, by the names of the services. */
    static Map<String, String> groups(String prefix) {
        var groups = new LinkedHashMap<String, String>();
        groups.put("ingest-service", prefix + "ingest");
        groups.put(StateProcessor.NAME, prefix + StateProcessor.NAME);
        groups.put("transfer-worker", prefix + "transfer-worker");
        groups.put("timeout-monitor", prefix + "timeout-monitor");
        groups.put("audit-service", prefix + "audit-service");
        return groups;
    }

    @Override
    public Optional<Map<String, Long>> lag() {
        Map<String, Object> properties = settings.admin();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "waybill-status");
        try (Admin admin = Admin.create(properties)) {
            var asked = new LinkedHashMap<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>>();
            groups.forEach((service, group) -> asked.put(
                    service, admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()));
            var lag = new LinkedHashMap<String, Long>();
            for (var one : asked.entrySet()) {
                Map<TopicPartition, OffsetAndMetadata> positions = answer(one.getValue());
                Map<TopicPartition, ListOffsetsResultInfo> ends = answer(admin.listOffsets(positions.keySet().stream()
                        .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest())))
                        .all());
                lag.put(one.getKey(), behind(positions, ends));
            }
            return Optional.of(lag);
        } catch (KafkaException | ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    private static long behind(
            Map<TopicPartition, OffsetAndMetadata> positions, Map<TopicPartition, ListOffsetsResultInfo> ends) {
        long behind = 0;
        for (var position : positions.entrySet()) {
            ListOffsetsResultInfo end = ends.get(position.getKey());
            if (end != null && position.getValue() != null) {
                behind += Math.max(0, end.offset() - position.getValue().offset());
            }
        }
        return behind;
    }

    private static <T> T answer(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
