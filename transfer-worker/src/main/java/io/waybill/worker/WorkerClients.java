package io.waybill.worker;

import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.kafka.WrittenEnds;
import io.waybill.runtime.text.Reasons;
import io.waybill.runtime.time.ProcessClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the Kafka clients of one worker. The caller closes them. */
final class WorkerClients {
    private final ClientSettings settings;
    private final String name;
    private final String transactions;
    private final String id;

    WorkerClients(WaybillConfig config) {
        this.settings = new ClientSettings(config.kafka());
        this.name = group(config.topics().prefix());
        this.transactions = transactions(config.topics().prefix());
        this.id = config.of(WorkerSettings.SECTION).id();
    }

    /** The consumer group of all workers. */
    static String group(String prefix) {
        return prefix + "transfer-worker";
    }

    /** What the transactional ids of all workers begin with, and those of no other service. */
    static String transactions(String prefix) {
        return prefix + "transfer-worker-";
    }

    String group() {
        return name;
    }

    /** Guards the transactional ids of this worker's producers. */
    FencingGuard fencing(ProcessClock time) {
        return new FencingGuard("worker.id", id, settings.transactionTimeout(), time);
    }

    Admin admin() {
        return Admin.create(settings.admin());
    }

    /** Shares the partitions of work with the other workers. */
    Consumer<byte[], byte[]> consumer() {
        Map<String, Object> shared = settings.member(name);
        // The ledger says where to begin. If the topic does not have that offset, the consumer must not guess another one.
        shared.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        shared.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, id);
        return consumer(shared);
    }

    /** Reads ledgers, without a group. */
    Consumer<byte[], byte[]> ledgerConsumer() {
        Map<String, Object> alone = settings.consumer();
        alone.put(ConsumerConfig.CLIENT_ID_CONFIG, id + "-ledger");
        // A delivery index may have millions of entries. The worker reads all of them before it does anything else.
        alone.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "10000");
        alone.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(8 << 20));
        return consumer(alone);
    }

    /** Reads controls, without a group. */
    Consumer<byte[], byte[]> controlsConsumer() {
        Map<String, Object> alone = settings.follower();
        alone.put(ConsumerConfig.CLIENT_ID_CONFIG, id + "-controls");
        // If the topic is missing, the worker reports that and does not create it.
        alone.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return consumer(alone);
    }

    /** Where partitions end, with what is written in open transactions. */
    Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return WrittenEnds.of(settings, partitions);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Writes some records outside any transaction. Does not wait.
     *
     * @param end called once, by another thread: empty if they are written, otherwise why that is not known
     */
    void writeApart(
            List<ProducerRecord<byte[], byte[]>> records, java.util.function.Consumer<Optional<String>> end) {
        Thread.ofVirtual().name(name + "-apart").start(() -> end.accept(written(records)));
    }

    private Optional<String> written(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> apart = settings.producer();
        apart.put(ProducerConfig.CLIENT_ID_CONFIG, id + "-apart");
        // Made for a few records and closed again: they are rare, and a producer that met a fault may be of no more use.
        try (var producer = new KafkaProducer<>(apart, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : records) {
                Future<RecordMetadata> next = producer.send(record);
                if (next.isDone()) {
                    // Mostly a refusal, which holds for the others as well.
                    next.get();
                }
                sent.add(next);
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
            return Optional.empty();
        } catch (ExecutionException | RuntimeException e) {
            return Optional.of(Reasons.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /**
     * Writes what the worker does now. It gives up soon: the next value replaces one that Kafka did not take. Each call
     * waits for a second at most.
     */
    Producer<byte[], byte[]> statusProducer() {
        Map<String, Object> apart = settings.producer();
        apart.put(ProducerConfig.CLIENT_ID_CONFIG, id + "-status");
        apart.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
        apart.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        apart.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        apart.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        apart.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L << 20);
        return new KafkaProducer<>(apart, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * A transactional producer.
     *
     * @param number the number of the producer; each producer of a worker has its own
     */
    Producer<byte[], byte[]> producer(int number) {
        return new KafkaProducer<>(
                settings.transactionalProducer(transactions + id + "-" + number),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
