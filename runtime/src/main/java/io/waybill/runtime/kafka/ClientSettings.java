package io.waybill.runtime.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Properties for Kafka's clients. The operator's {@code kafka.*} settings come first. Settings that a promise rests on
 * override them, and the operator cannot change those.
 *
 * @param common settings of every client; has at least bootstrap.servers
 */
public record ClientSettings(Map<String, String> common) {
    private static final String TRANSACTION_TIMEOUT_MILLIS = "10000";

    public Map<String, Object> admin() {
        return new HashMap<>(common);
    }

    /** A reader of committed records that commits no offset by itself. Add a group if you need one. */
    public Map<String, Object> consumer() {
        Map<String, Object> settings = new HashMap<>(common);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        return settings;
    }

    /**
     * As {@link #consumer()}, for a topic that is followed for ever and seldom written. The broker tells of a record at
     * once; without one it answers every second, and not twice a second.
     */
    public Map<String, Object> follower() {
        return follower(Duration.ofSeconds(1));
    }

    /**
     * The same.
     *
     * @param wait how seldom the broker answers without a record
     */
    public Map<String, Object> follower(Duration wait) {
        Map<String, Object> settings = consumer();
        settings.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, String.valueOf(wait.toMillis()));
        return settings;
    }

    /**
     * As {@link #consumer()}, and a member of a group; with the protocol of KIP-848, unless the operator says
     * otherwise.
     */
    public Map<String, Object> member(String group) {
        Map<String, Object> settings = consumer();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.putIfAbsent(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CONSUMER.name());
        return settings;
    }

    /** A writer of single records. The records survive the loss of a broker, and each is written once. */
    public Map<String, Object> producer() {
        Map<String, Object> settings = new HashMap<>(common);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        return settings;
    }

    /** After how long the coordinator ends an open transaction. */
    public Duration transactionTimeout() {
        return Duration.ofMillis(Long.parseLong(
                common.getOrDefault(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS)));
    }

    /**
     * A transactional writer.
     *
     * @param transactionalId the same after a restart, so that the restarted process fences its earlier self
     */
    public Map<String, Object> transactionalProducer(String transactionalId) {
        Map<String, Object> settings = producer();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "0");
        // The default of 100 ms is spent waiting for the previous transaction's markers (KAFKA-20000): it gives 24
        // transactions a second instead of 150.
        settings.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, "5");
        settings.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, "50");
        return settings;
    }
}
