package io.waybill.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.Phase;
import io.waybill.domain.Proof;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Target;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.RegistryAvroDeserializer;
import io.waybill.runtime.wire.RegistryAvroSerializer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.pulsar.kafka.shade.avro.generic.GenericRecord;
import org.apache.pulsar.kafka.shade.io.confluent.kafka.serializers.KafkaAvroDeserializer;
import org.apache.pulsar.kafka.shade.io.confluent.kafka.serializers.KafkaAvroSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our serdes beside Confluent's own, over a real registry: each reads what the other writes. */
final class GenuineSerdesIT {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00.123Z");
    private static final RouteName ROUTE = new RouteName("invoices");
    private static final SourceObject SOURCE =
            new SourceObject("outbound", "invoices/März 2026 €.csv", "v1", "d41d8cd9", 42, NOON);
    private static final FileId ID = FileId.of(ROUTE, SOURCE.bucket(), SOURCE.key(), SOURCE.version());
    private static final Target TARGET =
            new Target(new DestinationName("acme"), new RemotePath("/incoming/März 2026 €.csv"));
    private static final Receipt RECEIPT = new Receipt(
            TARGET.path(), 42, "0".repeat(64), Proof.SIZE, DestinationClass.ATOMIC_DURABLE, Duration.ofMillis(250));
    private static final FileState COMPLETED = new FileState(
            ID,
            ROUTE,
            SOURCE,
            TARGET,
            3,
            new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, false),
            RECEIPT,
            3,
            NOON,
            NOON.plusSeconds(1));
    private static final FileState FAILED = new FileState(
            ID,
            ROUTE,
            SOURCE,
            null,
            null,
            new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.BAD_NAME, "no path")),
            null,
            1,
            NOON,
            NOON);

    private static final FileState GIVEN_UP = FAILED.with(new AttemptFailures(
            List.of(
                    new AttemptFailure(
                            AttemptFailure.Kind.DEFERRED,
                            NOON,
                            NOON.plusSeconds(30),
                            Stage.DELIVERY,
                            Attempt.FIRST,
                            new Failure(FailureKind.UNREACHABLE, "down"),
                            NOON.plusSeconds(35),
                            7),
                    new AttemptFailure(
                            AttemptFailure.Kind.UNCLAIMED,
                            NOON,
                            NOON,
                            Stage.DELIVERY,
                            Attempt.FIRST,
                            null,
                            null,
                            1)),
            3));

    @TempDir
    private static Path directory;

    private static Servers servers;
    private static Topics topics;

    @BeforeAll
    static void start() throws Exception {
        servers = new Servers(directory);
        topics = servers.topics("genuine.");
    }

    @AfterAll
    static void stop() throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    static Stream<Arguments> records() {
        return Stream.of(
                Arguments.of(topics.fileState(), COMPLETED),
                Arguments.of(topics.fileState(), FAILED),
                Arguments.of(topics.fileState(), GIVEN_UP),
                Arguments.of(topics.readyFiles(), new ReadyFile(ID, ROUTE, SOURCE, TARGET, RECEIPT, NOON)),
                Arguments.of(topics.readyFiles(), new ReadyFile(ID, ROUTE, SOURCE, null, null, NOON)),
                Arguments.of(
                        topics.fileEvents(),
                        new FileEvent.Completed(ID, NOON, Stage.DELIVERY, Attempt.FIRST, RECEIPT)),
                Arguments.of(
                        topics.transferWork(),
                        new TransferWork(
                                ID, ROUTE, Attempt.FIRST, SOURCE, TARGET, ConflictPolicy.REFUSE, Proof.CHECKSUM, true)),
                Arguments.of(
                        topics.transferLedger(),
                        new LedgerMark.Position(7, List.of(new LedgerMark.Range(9, 12)), "cluster", "topic")),
                Arguments.of(topics.deadLetters(), new DeadLetter.GivenUp(GIVEN_UP, "gave up")),
                Arguments.of(
                        topics.deadLetters(),
                        new DeadLetter.Poison(
                                NOON, "t-0@7", new byte[] {1}, new byte[] {2, -1}, Map.of("h", "AQID"), "garbage")));
    }

    @ParameterizedTest
    @MethodSource("records")
    <V> void shouldReadWithConfluentsDeserializerWhatOursWrote(Topic<?, V> topic, V value) {
        byte[] bytes = topic.value().serializer().serialize(topic.name(), value);
        try (var theirs = theirDeserializer();
                var ours = new RegistryAvroDeserializer()) {
            ours.configure(registry(), false);
            var read = (GenericRecord) theirs.deserialize(topic.name(), bytes);
            // The text of a generic record has every field with its value.
            assertThat(read).hasToString(String.valueOf(ours.deserialize(topic.name(), bytes)));
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    <V> void shouldReadWithOurDeserializerWhatConfluentsWrote(Topic<?, V> topic, V value) {
        byte[] ours = topic.value().serializer().serialize(topic.name(), value);
        try (var reader = theirDeserializer();
                var writer = theirSerializer()) {
            Object record = reader.deserialize(topic.name(), ours);

            byte[] intoTheSame = writer.serialize(topic.name(), record);
            assertThat(intoTheSame).isEqualTo(ours);

            String another = "theirs." + topic.name();
            byte[] intoAnother = writer.serialize(another, record);
            assertThat(topic.value().deserializer().deserialize(another, intoAnother)).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    <V> void shouldRunOnConfluentsClassesWhenToldTo(Topic<?, V> topic, V value) {
        byte[] ours = topic.value().serializer().serialize(topic.name(), value);
        Thread.currentThread().setContextClassLoader(new GenuineClasses());
        try (var theirs = DomainSerdes.from(Map.of(
                "schema.registry.url", servers.registryUrl(),
                "avro.serializer.class", "io.confluent.kafka.serializers.KafkaAvroSerializer",
                "avro.deserializer.class", "io.confluent.kafka.serializers.KafkaAvroDeserializer"))) {
            Topics overTheirs = Topics.from(servers.settings("genuine."), theirs);
            Serde<V> serde = same(topic, overTheirs).value();
            assertThat(serde.serializer().serialize(topic.name(), value)).isEqualTo(ours);
            assertThat(serde.deserializer().deserialize(topic.name(), ours)).isEqualTo(value);
        } finally {
            Thread.currentThread().setContextClassLoader(GenuineSerdesIT.class.getClassLoader());
        }
    }

    @SuppressWarnings("unchecked") // topics of one name have one type
    private static <V> Topic<?, V> same(Topic<?, V> topic, Topics others) {
        return (Topic<?, V>) others.all().stream()
                .filter(other -> other.name().equals(topic.name()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldFindTheSchemaThatConfluentsSerializerRegistered() {
        byte[] bytes = topics.fileState().value().serializer().serialize("source", COMPLETED);
        try (var reader = theirDeserializer();
                var writer = theirSerializer();
                var ours = new RegistryAvroSerializer();
                var generic = new RegistryAvroDeserializer()) {
            byte[] theirs = writer.serialize("registered-by-them", reader.deserialize("source", bytes));
            generic.configure(registry(), false);
            ours.configure(
                    Map.of("schema.registry.url", servers.registryUrl(), "auto.register.schemas", "false"), false);
            Object record = generic.deserialize("registered-by-them", theirs);
            assertThat(ours.serialize("registered-by-them", record)).isEqualTo(theirs);
        }
    }

    @Test
    void shouldReadATopicWithAConsumerThatKnowsConfluentOnly() throws Exception {
        Map<String, Object> producing = Map.of("bootstrap.servers", servers.bootstrapServers(), "acks", "all");
        try (var producer = new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(topics.fileState().record(ID, COMPLETED)).get();
        }
        Map<String, Object> consuming = Map.of(
                "bootstrap.servers", servers.bootstrapServers(),
                "group.id", "importers",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed",
                "key.deserializer", StringDeserializer.class.getName(),
                "value.deserializer", KafkaAvroDeserializer.class.getName(),
                "schema.registry.url", servers.registryUrl());
        try (var consumer = new KafkaConsumer<String, GenericRecord>(consuming)) {
            consumer.subscribe(List.of(topics.fileState().name()));
            ConsumerRecord<String, GenericRecord> record = first(consumer);
            assertThat(record.key()).isEqualTo(ID.value());
            GenericRecord state = record.value();
            assertThat(state.get("status")).hasToString("COMPLETED");
            assertThat(state.get("key")).hasToString(SOURCE.key());
            assertThat(state.get("deliveredPath")).hasToString(TARGET.path().value());
            assertThat(state.get("changedAt")).isEqualTo(NOON.plusSeconds(1).toEpochMilli());
        }
    }

    private static ConsumerRecord<String, GenericRecord> first(KafkaConsumer<String, GenericRecord> consumer) {
        for (int polls = 0; polls < 30; polls++) {
            for (ConsumerRecord<String, GenericRecord> record : consumer.poll(Duration.ofSeconds(1))) {
                return record;
            }
        }
        throw new AssertionError("no record came in half a minute");
    }

    private static Map<String, String> registry() {
        return Map.of("schema.registry.url", servers.registryUrl());
    }

    private static KafkaAvroDeserializer theirDeserializer() {
        var deserializer = new KafkaAvroDeserializer();
        deserializer.configure(registry(), false);
        return deserializer;
    }

    private static KafkaAvroSerializer theirSerializer() {
        var serializer = new KafkaAvroSerializer();
        serializer.configure(registry(), false);
        return serializer;
    }
}
