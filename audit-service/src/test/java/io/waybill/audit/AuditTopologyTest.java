package io.waybill.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.audit.AuditEntry;
import io.waybill.domain.audit.AuditEntry.Outcome;
import io.waybill.domain.audit.AuditEntry.Target;
import io.waybill.domain.audit.AuditRecord;
import io.waybill.domain.audit.ChainCheck;
import io.waybill.domain.audit.ChainCheck.Proof;
import io.waybill.domain.audit.Checkpoint;
import io.waybill.domain.audit.SigningKey;
import io.waybill.runtime.audit.AuditSettings;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.streams.PoisonHandler;
import io.waybill.runtime.streams.StreamsProperties;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology on a driver: entries come in, and a chain with checkpoints goes out. */
final class AuditTopologyTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    private SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SigningKey key = SigningKey.random();
    private TopologyTestDriver driver;
    private TestInputTopic<String, AuditEntry> entries;
    private TestOutputTopic<String, AuditRecord> audit;
    private String section = "";

    @BeforeEach
    void open() throws Exception {
        Path file = directory.resolve("signing.pem");
        Files.writeString(file, key.pem());
        section = "audit: { signingKey: \"file:" + file + "\" }\n";
        run(section);
    }

    private void run(String own) {
        WaybillConfig config = WaybillConfig.parse(
                "test",
                """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                """
                        + "streams: { stateDirectory: " + directory + " }\n" + own,
                Overrides.NONE,
                List.of(AuditSettings.SECTION));
        Topics topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
        meters = new SimpleMeterRegistry();
        var metrics = new AuditMetrics(meters);
        metrics.show();
        var topology = new AuditTopology(topics, config.of(AuditSettings.SECTION).signingKey(), metrics);
        var poison = new PoisonHandler.Destination(AuditService.NAME, topics.deadLetters(), meters, () -> START);
        var properties = StreamsProperties.of(AuditService.NAME, config, poison, Map.of());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        driver = new TopologyTestDriver(topology.get(), properties, START);
        entries = driver.createInputTopic(
                topics.auditEntries().name(),
                topics.auditEntries().key().serializer(),
                topics.auditEntries().value().serializer());
        audit = driver.createOutputTopic(
                topics.audit().name(), topics.audit().key().deserializer(), topics.audit().value().deserializer());
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private static AuditEntry entry(String what) {
        return new AuditEntry(
                START, "ann", "operator", what, Target.file("abcdefghijklmnopqrstuvwxyz"), "they made room",
                Outcome.ACCEPTED, "", "r-1", "10.0.0.1", null);
    }

    private void say(String what) {
        AuditEntry entry = entry(what);
        entries.pipeInput(entry.key(), entry);
    }

    private static Proof check(List<TestRecord<String, AuditRecord>> records, SigningKey key) {
        var check = new ChainCheck(0, List.of(key.verifying()));
        records.forEach(record -> check.next(0, record.key(), record.value()));
        return check.proof(START);
    }

    @Test
    void shouldChainEntriesInTheirOrderAndSignThemAfterAMinute() {
        say("cancel");
        say("redrive");
        assertThat(meters.get("waybill.audit.unproven").gauge().value()).isEqualTo(2);
        driver.advanceWallClockTime(Duration.ofSeconds(61));
        say("retry");

        List<TestRecord<String, AuditRecord>> records = audit.readRecordsToList();

        assertThat(records).extracting(TestRecord::key)
                .containsExactly(
                        "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz", Checkpoint.KEY,
                        "abcdefghijklmnopqrstuvwxyz");
        assertThat(records.getFirst().value().content()).isEqualTo(new AuditRecord.Entry(entry("cancel")));
        assertThat(records.getFirst().getRecordTime()).isEqualTo(START);
        Proof proof = check(records, key);
        assertThat(proof.faults()).isEmpty();
        assertThat(proof.until()).contains(records.get(2).value().at());
        assertThat(proof.unproven()).isEqualTo(1);
        assertThat(meters.get("waybill.audit.unproven").gauge().value()).isEqualTo(1);
        assertThat(meters.counter("waybill.audit.entries").count()).isEqualTo(3);
        assertThat(meters.counter("waybill.audit.checkpoints", "signed", "true").count()).isEqualTo(1);
    }

    /** Brokers forget the position of a group that was away for a week; then all entries are read once more. */
    @Test
    void shouldChainNoEntryTwiceWhenThePositionOfTheGroupIsLost() {
        say("cancel");
        say("redrive");
        restart();
        say("cancel");
        say("redrive");
        say("retry");
        driver.advanceWallClockTime(Duration.ofSeconds(61));

        List<TestRecord<String, AuditRecord>> records = audit.readRecordsToList();

        assertThat(records).extracting(record -> record.value().link().sequence()).containsExactly(3L, 4L);
        assertThat(records.getFirst().value().content()).isEqualTo(new AuditRecord.Entry(entry("retry")));
        assertThat(check(records, key).faults()).isEmpty();
    }

    @Test
    void shouldChainTheEntriesOfATopicThatWasMadeAnew() {
        say("cancel");
        say("redrive");
        restart();
        AuditEntry entry = entry("retry");
        entries.pipeInput(entry.key(), entry, START.plusSeconds(1));
        entries.pipeInput(entry.key(), entry, START);

        assertThat(audit.readRecordsToList()).extracting(record -> record.value().link().sequence())
                .containsExactly(3L, 4L);
    }

    /** A task that has its store, and reads its topic from the beginning. */
    private void restart() {
        ChainProgress kept = driver.<Integer, ChainProgress>getKeyValueStore(AuditTopology.HEAD).get(0);
        driver.close();
        run(section);
        driver.<Integer, ChainProgress>getKeyValueStore(AuditTopology.HEAD).put(0, kept);
    }

    @Test
    void shouldMakeNoCheckpointOfNothing() {
        driver.advanceWallClockTime(Duration.ofMinutes(5));
        say("cancel");
        driver.advanceWallClockTime(Duration.ofMinutes(5));
        driver.advanceWallClockTime(Duration.ofMinutes(5));

        assertThat(audit.readRecordsToList()).extracting(TestRecord::key)
                .containsExactly("abcdefghijklmnopqrstuvwxyz", Checkpoint.KEY);
    }

    @Test
    void shouldChainWithoutAKeyAndSignNothing() {
        driver.close();
        run("");
        say("cancel");
        driver.advanceWallClockTime(Duration.ofSeconds(61));

        List<TestRecord<String, AuditRecord>> records = audit.readRecordsToList();

        assertThat(records.getLast().value().content())
                .isInstanceOfSatisfying(Checkpoint.class, last -> assertThat(last.signed()).isFalse());
        var check = new ChainCheck(0, List.of());
        records.forEach(record -> check.next(0, record.key(), record.value()));
        assertThat(check.proof(START).broken()).isFalse();
        assertThat(check(records, key).broken()).isTrue();
        assertThat(meters.counter("waybill.audit.checkpoints", "signed", "false").count()).isEqualTo(1);
    }

    /** The names in this text are names of internal topics: a change of them would begin the chains anew. */
    @Test
    void shouldHaveTheApprovedShape() {
        Topics topics = Topics.from(
                new WaybillConfig.TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));

        assertThat(new AuditTopology(topics, Optional.empty(), new AuditMetrics(meters)).get().describe().toString())
                .isEqualToNormalizingWhitespace(
                        """
                        Topologies:
                           Sub-topology: 0
                            Source: audit-entries (topics: [audit-entries])
                              --> chain-entries
                            Processor: chain-entries (stores: [head])
                              --> to-audit
                              <-- audit-entries
                            Sink: to-audit (topic: audit)
                              <-- chain-entries
                        """);
    }
}
