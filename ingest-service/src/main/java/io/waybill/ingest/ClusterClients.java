package io.waybill.ingest;

import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.time.ProcessClock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes the clients of a real cluster.
 *
 * @param prefix     of topics, groups and transactional ids, so that two installations can share a cluster
 * @param instanceId the name of this process among the ingest-services; the same after a restart
 */
record ClusterClients(ClientSettings settings, String prefix, String instanceId) implements KafkaClients {
    /** The consumer group of all ingest-services. */
    static String group(String prefix) {
        return prefix + "ingest";
    }

    /** What the transactional ids of all ingest-services begin with, and those of no other service. */
    static String transactions(String prefix) {
        return prefix + "ingest-";
    }

    @Override
    public Consumer<byte[], byte[]> consumer() {
        var properties = settings.member(group(prefix));
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, instanceId + "-ingest");
        // Positions decides where to begin. With "earliest" the consumer would pass over lost records in silence.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> reader() {
        var properties = settings.consumer();
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, instanceId + "-ingest-retry");
        // Compaction may remove what the reader has not read yet, and whatever is left then is what counts.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        var properties = settings.transactionalProducer(transactions(prefix) + instanceId);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, instanceId + "-ingest");
        // The default is a minute. A service that is asked to stop must not wait that long for a silent broker.
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public FencingGuard fencing(ProcessClock clock) {
        return new FencingGuard("streams.instanceId", instanceId, settings.transactionTimeout(), clock);
    }
}
