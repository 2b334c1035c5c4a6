package io.waybill.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Range;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Target;
import io.waybill.runtime.ledger.AdminFacts;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.ledger.LedgerReading;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.runtime.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the ledgers of a real cluster say, and how a partition on hold is mended; how a notification is read again or
 * skipped. Each test has topics of its own.
 */
final class LedgerCommandIT {
    private static final AtomicInteger INSTALLATIONS = new AtomicInteger();
    private static final FileId ID = new FileId("abcdefghijklmnopqrstuvwxyz");

    @TempDir
    private static Path directory;

    private static Servers servers;
    private static Admin admin;

    private String prefix;
    private Topics topics;
    private Path configuration;
    private Home home;

    @BeforeAll
    static void start() throws Exception {
        servers = new Servers(directory);
        admin = servers.admin();
    }

    @AfterAll
    static void stop() throws Exception {
        if (servers != null) {
            admin.close();
            servers.close();
        }
    }

    @BeforeEach
    void install() throws IOException {
        prefix = "ledger" + INSTALLATIONS.incrementAndGet() + ".";
        topics = servers.topics(prefix);
        home = facts().home();
        configuration = Files.writeString(
                directory.resolve(prefix + "yaml"),
                """
                kafka: { bootstrap.servers: "%s" }
                schema.registry.url: %s
                topics: { prefix: %s, filePartitions: 2, workPartitions: 3, replication: 1 }
                """
                        .formatted(servers.bootstrapServers(), servers.registryUrl(), prefix));
    }

    private AdminFacts facts() {
        return new AdminFacts(admin, topics, servers.settings(prefix).workerGroup());
    }

    @Test
    void shouldShowNewPartitionsAtTheirBeginning() throws Exception {
        work(1, 4);
        CommandRun run = ledger();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).hasSize(4);
        JsonNode partition = json(ledger("--json")).path(1);
        assertThat(partition.path("position").asInt()).isZero();
        assertThat(partition.path("end").asInt()).isEqualTo(4);
        assertThat(partition.path("lag").asInt()).isEqualTo(4);
        assertThat(partition.path("hold").isNull()).isTrue();
    }

    @Test
    void shouldShowWhatIsDoneAheadAndWhatIsUnderWay() throws Exception {
        work(1, 10);
        var staging = new Staging(
                ID,
                new Attempt(2, 3),
                new Target(new DestinationName("acme"), new RemotePath("/in/a")),
                1,
                new RemotePath("/in/.waybill/a"),
                64,
                "u@h:22/",
                Instant.EPOCH);
        written(1, new Position(3, List.of(new Range(5, 7)), home.clusterId(), home.topicId()), staging);

        CommandRun run = ledger();
        JsonNode partition = json(ledger("--json")).path(1);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("STAGING", ID.value(), "2.3", "acme:/in/a");
        assertThat(partition.path("doneAhead").asInt()).isEqualTo(2);
        assertThat(partition.path("lag").asInt()).isEqualTo(5);
        assertThat(partition.at("/items/0/mark").asText()).isEqualTo("STAGING");
        assertThat(partition.at("/items/0/ageSeconds").asLong()).isPositive();
    }

    @Test
    void shouldMendAPartitionOfATopicThatWasMadeAnew() throws Exception {
        work(1, 10);
        written(1, Position.at(7, home.clusterId(), "of another topic"));
        CommandRun held = ledger();
        assertThat(held.exitCode()).isEqualTo(1);
        assertThat(held.out()).contains("HOLD", "created it again", "waybill ledger mend");

        CommandRun asked = ledger("mend", "1", "--to", "4");
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.out()).contains("is to continue at 4", "the ledger does not say what is done");
        assertThat(asked.err()).contains("--yes");
        assertThat(ledger().exitCode()).isEqualTo(1);

        CommandRun mended = ledger("mend", "1", "--to", "4", "--yes");
        assertThat(mended.exitCode()).isZero();
        assertThat(mended.out()).contains("continues at 4");
        assertThat(ledger().exitCode()).isZero();
        assertThat(json(ledger("--json")).at("/1/position").asInt()).isEqualTo(4);
    }

    @Test
    void shouldMendAPartitionWithMarksThatNobodyCanRead() throws Exception {
        work(1, 10);
        written(1, new Position(3, List.of(new Range(5, 7)), home.clusterId(), home.topicId()));
        var file = new ProducerRecord<>(
                topics.transferLedger().name(), 1, (ID.value() + "-1").getBytes(UTF_8), new byte[] {7});
        try (var producer = producer(Map.of())) {
            send(producer, List.of(file, new ProducerRecord<>(file.topic(), 1, new byte[] {-1}, new byte[] {0, 1})));
        }

        CommandRun futile = ledger("mend", "1", "--to", "3", "--yes");
        assertThat(futile.exitCode()).isEqualTo(1);
        assertThat(futile.out()).contains("still on hold", "--drop-unreadable");

        written(1, new Position(3, List.of(new Range(5, 7)), home.clusterId(), home.topicId()));
        CommandRun asked = ledger("mend", "1", "--drop-unreadable");
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.out()).contains("'" + ID.value() + "-1'", "the partner may have it");
        assertThat(ledger().exitCode()).isEqualTo(1);

        CommandRun mended = ledger("mend", "1", "--drop-unreadable", "--yes");
        assertThat(mended.exitCode()).as(mended.err()).isZero();
        JsonNode partition = json(ledger("--json")).path(1);
        assertThat(partition.path("hold").isNull()).isTrue();
        assertThat(partition.path("position").asInt()).isEqualTo(3);
        assertThat(partition.path("doneAhead").asInt()).isEqualTo(2);

        try (var producer = producer(Map.of())) {
            send(producer, List.of(new ProducerRecord<>(
                    file.topic(), 1, LedgerMark.POSITION_KEY.getBytes(UTF_8), new byte[] {7})));
        }
        CommandRun blind = ledger("mend", "1", "--drop-unreadable", "--yes");
        assertThat(blind.exitCode()).isEqualTo(2);
        assertThat(blind.err()).contains("the position itself cannot be read", "--to");
        assertThat(ledger("mend", "1", "--drop-unreadable", "--to-end", "--yes").exitCode()).isZero();
    }

    @Test
    void shouldHoldAPartitionWithoutAPositionWhereSomebodyWorked() throws Exception {
        work(0, 5);
        admin.deleteRecords(Map.of(
                new TopicPartition(topics.transferWork().name(), 0), RecordsToDelete.beforeOffset(2)))
                .all()
                .get();
        assertThat(json(ledger("--json")).at("/0/hold").asText()).contains("before offset 2 was removed");

        assertThat(ledger("mend", "0", "--to-beginning", "--yes", "--json").exitCode()).isZero();
        assertThat(json(ledger("--json")).at("/0/position").asInt()).isEqualTo(2);
        assertThat(ledger("mend", "0", "--to-end", "--yes").exitCode()).isZero();
        assertThat(json(ledger("--json")).at("/0/lag").asInt()).isZero();
    }

    @Test
    void shouldRefuseWhatMakesNoSense() throws Exception {
        work(1, 3);
        assertThat(ledger("mend", "3", "--to-end", "--yes").err()).contains("expected 0 to 2, was 3");
        CommandRun outside = ledger("mend", "1", "--to", "4", "--yes");
        assertThat(outside.exitCode()).isEqualTo(2);
        assertThat(outside.err()).contains("from 0 to 3", "was 4");
    }

    @Test
    void shouldLeaveAPartitionAloneThatWorkersMayBeAtWorkOn() throws Exception {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", servers.bootstrapServers(),
                "group.id", servers.settings(prefix).workerGroup(),
                "auto.offset.reset", "earliest");
        try (var worker =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            worker.subscribe(List.of(topics.transferWork().name()));
            for (int i = 0; i < 300 && worker.assignment().isEmpty(); i++) {
                worker.poll(Duration.ofMillis(100));
            }
            CommandRun refused = ledger("mend", "1", "--to-end", "--yes");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("workers are running (", "stop all workers");

            // A hold that this command sees is no proof that the worker sees it, too.
            work(2, 3);
            written(2, Position.at(7, home.clusterId(), "of another topic"));
            CommandRun held = ledger("mend", "2", "--to-end", "--yes");
            assertThat(held.exitCode()).isEqualTo(1);
            assertThat(held.err()).contains("although it is on hold here", "stop all workers");
        }
        assertThat(ledger("mend", "1", "--to-end", "--yes").exitCode()).isZero();
    }

    @Test
    void shouldWaitForAnOpenTransactionAndForgetAnAbortedOne() throws Exception {
        try (var producer = producer(Map.of("transactional.id", prefix + "worker"))) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, records(2, Position.at(0, home.clusterId(), home.topicId())));

            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> read(2));
            assertThat(read(1).hold()).isEmpty();

            producer.abortTransaction();
            assertThat(read(2)).satisfies(view -> {
                assertThat(view.hold()).isEmpty();
                assertThat(view.position()).contains(Position.at(0, home.clusterId(), home.topicId()));
            });
        }
    }

    @Test
    void shouldLetIngestReadANotificationAgainEvenFromItsLetter() throws Exception {
        String name = topics.s3Notifications().name();
        var letter = PoisonLetter.of(
                Instant.EPOCH, name + "-1@0", null, new byte[] {7}, new RecordHeaders(), "for a test");
        try (var producer = producer(Map.of())) {
            send(producer, List.of(
                    new ProducerRecord<>(name, 1, new byte[] {1}, new byte[] {2}),
                    topics.deadLetters().record(letter.key(), letter)));
        }

        CommandRun again = command("retry", "--record", "1@0");
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.out()).contains("notification 1@0 is written again as ");

        removed(name, 1, 1);
        JsonNode fromLetter = json(command("retry", "--record", "1@0", "--json"));
        assertThat(fromLetter.path("from").asText()).isEqualTo(topics.deadLetters().name());
        assertThat(command("retry", "--record", "0@4711").err()).contains("ends at offset", "was 4711");
    }

    @Test
    void shouldGoPastLostNotificationsOnlyWhenAPersonAcceptsIt() throws Exception {
        String name = topics.s3Notifications().name();
        var partition = new TopicPartition(name, 0);
        try (var producer = producer(Map.of())) {
            send(producer, Collections.nCopies(5, new ProducerRecord<>(name, 0, new byte[] {1}, new byte[] {2})));
        }
        admin.alterConsumerGroupOffsets(prefix + "ingest", Map.of(partition, new OffsetAndMetadata(1))).all().get();
        assertThat(command("skip", "--lost").out()).contains("no notification is lost");

        removed(name, 0, 3);
        CommandRun asked = command("skip", "--lost");
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.out()).contains("partition 0: offsets 1 to 2 are lost");
        assertThat(asked.err()).contains("--yes");

        assertThat(command("skip", "--lost", "--yes").exitCode()).isZero();
        assertThat(admin.listConsumerGroupOffsets(prefix + "ingest").partitionsToOffsetAndMetadata().get())
                .containsEntry(partition, new OffsetAndMetadata(3));
        CommandRun skipped = command("skip", "--record", "0@4", "--reason", "damaged");
        assertThat(skipped.exitCode()).isZero();
        assertThat(skipped.out()).contains("what still waits of it becomes a dead letter");
    }

    private static void removed(String topic, int partition, long before) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(before)))
                .all()
                .get();
    }

    /** On a clock that passes a second with every look. */
    private LedgerView read(int partition) {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", servers.bootstrapServers(),
                "isolation.level", "read_committed",
                "enable.auto.commit", "false");
        var looks = new AtomicInteger();
        var clock = ProcessClock.of(() -> Instant.EPOCH, () -> looks.incrementAndGet() * 1_000_000_000L);
        try (var consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return new LedgerReading(consumer, topics, facts(), clock).read(Set.of(partition)).get(partition);
        }
    }

    private CommandRun ledger(String... arguments) {
        var line = new ArrayList<String>(List.of("ledger"));
        line.addAll(List.of(arguments));
        return command(line.toArray(String[]::new));
    }

    private CommandRun command(String... arguments) {
        var line = new ArrayList<String>(List.of(arguments));
        line.addAll(List.of("--config", configuration.toString()));
        return CommandRun.of(line);
    }

    private static JsonNode json(CommandRun run) throws IOException {
        return JsonMapper.builder().build().readTree(run.out());
    }

    /** Some records of work; nobody here reads them. */
    private void work(int partition, int records) throws Exception {
        try (var producer = producer(Map.of())) {
            var record = new ProducerRecord<>(
                    topics.transferWork().name(), partition, new byte[] {1}, new byte[] {2});
            send(producer, Collections.nCopies(records, record));
        }
    }

    private void written(int partition, LedgerMark... marks) throws Exception {
        try (var producer = producer(Map.of())) {
            send(producer, records(partition, marks));
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        for (ProducerRecord<byte[], byte[]> record : records) {
            producer.send(record).get();
        }
    }

    private List<ProducerRecord<byte[], byte[]>> records(int partition, LedgerMark... marks) {
        return List.of(marks).stream()
                .map(mark -> topics.transferLedger().record(mark.key(), mark))
                .map(record -> new ProducerRecord<>(record.topic(), partition, record.key(), record.value()))
                .toList();
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        var settings = new HashMap<String, Object>(more);
        settings.put("bootstrap.servers", servers.bootstrapServers());
        settings.put("acks", "all");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
