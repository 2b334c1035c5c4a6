package io.waybill.runtime.kafka;

import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Where partitions end, with the records of transactions that are still open. A consumer of committed records gives the
 * offset before the first of them. Kafka says that a transaction is committed before it marks its end in every partition.
 * So a record that is acknowledged may lie behind that offset.
 */
public final class WrittenEnds {
    private WrittenEnds() {}

    /** The offset after the last record of each partition. */
    public static Map<TopicPartition, Long> of(ClientSettings settings, Collection<TopicPartition> partitions) {
        Map<String, Object> alone = settings.consumer();
        alone.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        alone.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        try (var consumer = new KafkaConsumer<>(alone, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            // Otherwise the client warns about each partition that it is asked about.
            consumer.assign(partitions);
            return consumer.endOffsets(partitions);
        }
    }
}
