package io.waybill.runtime.streams;

import io.waybill.runtime.config.WaybillConfig;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings of a Kafka Streams service. The operator's {@code kafka.*} settings come first. Settings that a promise
 * rests on override them, and the operator cannot change those.
 */
public final class StreamsProperties {
    private static final int SESSION_TIMEOUT_MILLIS = 10_000;
    /** How long a transaction that a killed instance left open holds up all readers. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private StreamsProperties() {}

    /**
     * The settings of one service.
     *
     * @param service its name; with the topic prefix it is the application id, and so the name of the group, of the
     *                internal topics and of the directory of its stores
     * @param poison  the destination of records that cannot be read
     * @param extra   settings of this service only
     */
    public static Properties of(
            String service, WaybillConfig config, PoisonHandler.Destination poison, Map<String, ?> extra) {
        var properties = new Properties();
        // Metrics leave through Micrometer. Pushing them to the brokers as well would delay every close.
        properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, "false");
        properties.putAll(config.kafka());
        identity(properties, service, config);
        promises(properties, config);
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, PoisonHandler.class);
        properties.put(PoisonHandler.DESTINATION, poison);
        properties.putAll(extra);
        return properties;
    }

    private static void identity(Properties properties, String service, WaybillConfig config) {
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, config.topics().prefix() + service);
        // Explicit: the default is a temporary folder, and an empty folder means a restore of everything. One for each
        // instance, because the members of a group must not share one.
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                config.streams()
                        .stateDirectory()
                        .resolve(service)
                        .resolve(config.streams().instanceId())
                        .toString());
        // The streams protocol of 4.3 has no static membership, and reported RUNNING without tasks after a kill.
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // A member that comes back by its name within the session takes its tasks up again without a rebalance. With
        // the default session of 45 s the partitions of a killed member waited that long.
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                config.streams().instanceId());
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MILLIS);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.streams().threads());
    }

    private static void promises(Properties properties, WaybillConfig config) {
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                config.streams().commitInterval().toMillis());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) config.topics().replication());
        // A store is restored from its changelog. So the changelog must survive the loss of a broker as the topics do,
        // with the value that TopicCatalog gives them.
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                config.topics().replication() >= 3 ? "2" : "1");
        properties.put(
                StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.streams().standbyReplicas());
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        // Generated names change if a step is added, and state is then orphaned.
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TRANSACTION_TIMEOUT_MILLIS);
        // The default of 100 ms is spent waiting for the previous transaction's markers (KAFKA-20000).
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
    }
}
