package io.waybill.launcher.cli;

import io.waybill.domain.LedgerMark.Position;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.AdminAnswer;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.ledger.AdminFacts;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.ledger.LedgerReading;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.ledger.LedgerView.Unreadable;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The ledgers of a running cluster, for the commands. For one thread. */
final class Ledgers implements AutoCloseable {
    private final WaybillConfig config;
    private final DomainSerdes serdes;
    private final Topics topics;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;
    private final AdminFacts facts;
    private final LedgerReading reading;

    Ledgers(WaybillConfig config, ProcessClock time) {
        this.config = config;
        var settings = new ClientSettings(config.kafka());
        serdes = DomainSerdes.from(config.serde());
        topics = Topics.from(config.topics(), serdes);
        admin = AdminClients.of(config);
        facts = new AdminFacts(admin, topics, config.topics().workerGroup());
        consumer = new KafkaConsumer<>(
                settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        reading = new LedgerReading(consumer, topics, facts, time);
    }

    /** The topic with the work that the ledgers describe. */
    String work() {
        return topics.transferWork().name();
    }

    int partitions() {
        return config.topics().workPartitions();
    }

    Map<Integer, LedgerView> read() {
        return reading.read(IntStream.range(0, partitions()).boxed().collect(Collectors.toSet()));
    }

    LedgerView read(int partition) {
        return reading.read(Set.of(partition)).values().iterator().next();
    }

    Home home() {
        return facts.home();
    }

    /** The members of the workers' group, such as {@code worker-1 at /10.0.0.7}. */
    List<String> workers() {
        String group = config.topics().workerGroup();
        try {
            return AdminAnswer.of(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                    .flatMap(description -> description.members().stream())
                    .map(member -> member.clientId() + " at " + member.host())
                    .sorted()
                    .toList();
        } catch (GroupIdNotFoundException e) {
            return List.of();
        }
    }

    /**
     * Ends marks that cannot be read, and then writes the position at which a partition continues, if there is one. Kafka has
     * all records when this returns. If it has only some, because the process died, the partition is still on hold.
     */
    void write(int partition, List<Unreadable> ended, Optional<Position> position) {
        String topic = topics.transferLedger().name();
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        ended.forEach(mark -> records.add(new ProducerRecord<>(topic, partition, mark.rawKey(), null)));
        position.map(at -> topics.transferLedger().record(at.key(), at))
                .ifPresent(record -> records.add(
                        new ProducerRecord<>(topic, partition, record.key(), record.value())));
        var serializer = new ByteArraySerializer();
        try (var producer =
                new KafkaProducer<>(new ClientSettings(config.kafka()).producer(), serializer, serializer)) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record).get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        try (serdes;
                admin) {
            consumer.close();
        }
    }
}
