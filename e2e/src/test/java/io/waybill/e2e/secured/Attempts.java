package io.waybill.e2e.secured;

import static java.util.Objects.requireNonNull;

import io.waybill.runtime.kafka.AdminAnswer;
import io.waybill.runtime.kafka.ClientSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Tries what a user must not be able to do. Nothing changes if somebody may do it after all, except for written records. */
final class Attempts implements AutoCloseable {
    private static final Duration SLICE = Duration.ofMillis(200);
    private static final int SLICES = 100;

    private final ClientSettings settings;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Does one thing. */
    private interface Deed {
        void run() throws ExecutionException, InterruptedException;
    }

    Attempts(Map<String, String> clients) {
        settings = new ClientSettings(clients);
        admin = Admin.create(settings.admin());
        Map<String, Object> reading = settings.consumer();
        reading.put("auto.offset.reset", "earliest");
        consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        producer = producer(settings.producer());
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Whether the brokers refuse an operation on a topic because of who asks. */
    boolean isRefused(AclOperation operation, String topic) {
        var deeds = new EnumMap<AclOperation, Deed>(AclOperation.class);
        deeds.put(AclOperation.READ, () -> read(topic));
        deeds.put(AclOperation.WRITE, () -> producer.send(new ProducerRecord<>(topic, new byte[0])).get());
        deeds.put(AclOperation.DESCRIBE, () -> AdminAnswer.of(admin.describeTopics(List.of(topic)).allTopicNames()));
        deeds.put(AclOperation.DESCRIBE_CONFIGS, () -> AdminAnswer.of(admin.describeConfigs(
                List.of(new ConfigResource(ConfigResource.Type.TOPIC, topic))).all()));
        deeds.put(AclOperation.ALTER_CONFIGS, () -> alterConfigs(new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        deeds.put(AclOperation.ALTER, () -> AdminAnswer.of(admin.createPartitions(
                Map.of(topic, NewPartitions.increaseTo(100)), new CreatePartitionsOptions().validateOnly(true)).all()));
        deeds.put(AclOperation.DELETE, () -> AdminAnswer.of(admin.deleteRecords(
                Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(0))).all()));
        deeds.put(AclOperation.CREATE, () -> AdminAnswer.of(admin.createTopics(
                List.of(new NewTopic(topic, 1, (short) 1)), new CreateTopicsOptions().validateOnly(true)).all()));
        return isRefused(requireNonNull(deeds.get(operation)));
    }

    private void alterConfigs(ConfigResource resource) {
        var change = new AlterConfigOp(new ConfigEntry("max.message.bytes", "1048588"), AlterConfigOp.OpType.SET);
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        changes.put(resource, List.of(change));
        AdminAnswer.of(admin.incrementalAlterConfigs(changes, new AlterConfigsOptions().validateOnly(true)).all());
    }

    /** The refusal comes with an answer of the broker, which may take a while. */
    private void read(String topic) {
        consumer.assign(List.of(new TopicPartition(topic, 0)));
        for (int i = 0; i < SLICES; i++) {
            if (!consumer.poll(SLICE).isEmpty()) {
                return;
            }
        }
    }

    /** The same for a group; reading in it is what its members do. */
    boolean isGroupRefused(AclOperation operation, String group) {
        var deeds = new EnumMap<AclOperation, Deed>(AclOperation.class);
        deeds.put(AclOperation.READ, () -> AdminAnswer.of(admin.alterConsumerGroupOffsets(
                group, Map.of(new TopicPartition("waybill.file-events", 0), new OffsetAndMetadata(0))).all()));
        deeds.put(AclOperation.DESCRIBE, () -> AdminAnswer.of(admin.describeConsumerGroups(List.of(group)).all()));
        deeds.put(AclOperation.DELETE, () -> AdminAnswer.of(admin.deleteConsumerGroups(List.of(group)).all()));
        return isRefused(requireNonNull(deeds.get(operation)));
    }

    /** Whether the user may not take a transactional id, which ends the transactions of whoever has it. */
    boolean isTransactionRefused(String id) {
        Map<String, Object> transactional = settings.transactionalProducer(id);
        return isRefused(() -> {
            try (var taking = producer(transactional)) {
                taking.initTransactions();
            }
        });
    }

    /** The same for what concerns the whole cluster. */
    boolean isClusterRefused(AclOperation operation) {
        var broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
        var deeds = new EnumMap<AclOperation, Deed>(AclOperation.class);
        deeds.put(AclOperation.CREATE, () -> AdminAnswer.of(admin.createTopics(
                List.of(new NewTopic("waybill.another", 1, (short) 1)), new CreateTopicsOptions().validateOnly(true))
                .all()));
        deeds.put(AclOperation.ALTER, () -> AdminAnswer.of(admin.createAcls(PrintedAcls.read(List.of(
                "--allow-principal User:mallory --operation Read --topic waybill.file-events"))).all()));
        deeds.put(AclOperation.DESCRIBE, () -> AdminAnswer.of(admin.describeAcls(
                AclBindingFilter.ANY).values()));
        deeds.put(AclOperation.DESCRIBE_CONFIGS, () -> AdminAnswer.of(admin.describeConfigs(List.of(broker)).all()));
        deeds.put(AclOperation.ALTER_CONFIGS, () -> alterConfigs(broker));
        return isRefused(requireNonNull(deeds.get(operation)));
    }

    private static boolean isRefused(Deed deed) {
        try {
            deed.run();
            return false;
        } catch (AuthorizationException e) {
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof AuthorizationException;
        } catch (KafkaException e) {
            return e.getCause() instanceof AuthorizationException;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        consumer.close();
        admin.close();
    }
}
