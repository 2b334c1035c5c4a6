package io.waybill.monitor;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.Attempt;
import io.waybill.domain.AttemptFailure;
import io.waybill.domain.AttemptFailures;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
import io.waybill.domain.Suspension;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueKey;
import io.waybill.runtime.streams.PoisonHandler;
import io.waybill.runtime.streams.StreamsProperties;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The monitor's topology on a driver, spoken to in the words of the domain. It ticks once a second. */
final class MonitorUnderTest implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant FAR = START.plus(Duration.ofDays(7));
    private static final String CONFIGURATION =
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            """;

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Topics topics;
    private final MonitorTopology topology;
    private final Path directory;
    private final TopologyTestDriver driver;
    private Instant now;

    MonitorUnderTest(Path directory) {
        this(directory, START, DueIndex.Budget.DEFAULT);
    }

    MonitorUnderTest(Path directory, Instant start, DueIndex.Budget budget) {
        this(directory, start, budget, "");
    }

    /**
     * @param routes what the configuration says of routes, as YAML; may be empty
     */
    MonitorUnderTest(Path directory, Instant start, DueIndex.Budget budget, String routes) {
        this.directory = directory;
        now = start;
        WaybillConfig config = WaybillConfig.parse(
                "test",
                CONFIGURATION + "streams: { stateDirectory: " + directory + " }\n" + routes,
                new Overrides(Map.of(), Map.of("ACME_PASSWORD", "secret")),
                List.of(MonitorSettings.SECTION));
        topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
        var metrics = new MonitorMetrics(meters);
        metrics.show();
        topology = new MonitorTopology(config, topics, budget, metrics,
                ProcessClock.of(() -> now, () -> now.toEpochMilli() * 1_000_000));
        var poison = new PoisonHandler.Destination(TimeoutMonitor.NAME, topics.deadLetters(), meters, () -> now);
        var properties = StreamsProperties.of(TimeoutMonitor.NAME, config, poison, Map.of());
        // The driver forgets what is sent before a record is processed, such as a poison's letter, when it is sent in a
        // transaction.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        driver = new TopologyTestDriver(topology.get(), properties, start);
    }

    static FileId id(int number) {
        return FileId.of(new RouteName("invoices"), "outbound", "invoices/" + number, "v1");
    }

    static FileState file(int number, long version, Phase phase) {
        var source = new SourceObject("outbound", "invoices/" + number, "v1", "e1", 42, START);
        return new FileState(id(number), new RouteName("invoices"), source, null, null, phase, null, version, START,
                START);
    }

    /** What kept a file from its end that went through some states. */
    static AttemptFailures failures(FileState... files) {
        var failures = AttemptFailures.NONE;
        for (FileState file : files) {
            failures = failures.plus(Objects.requireNonNull(AttemptFailure.of(file)));
        }
        return failures;
    }

    static Phase queued(Instant claimBy) {
        return new Phase.Queued(Stage.DELIVERY, Attempt.FIRST, claimBy);
    }

    void told(FileState... files) {
        for (FileState file : files) {
            told(file.id(), file);
        }
    }

    void told(FileId id, @Nullable FileState file) {
        driver.createInputTopic(
                topics.fileState().name(),
                topics.fileState().key().serializer(),
                topics.fileState().value().serializer())
                .pipeInput(id, file, now);
    }

    void toldBytes(byte[] key, byte[] value) {
        driver.createInputTopic(
                topics.fileState().name(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(key, value, now);
    }

    /** Lets the wall clock advance at once, after which one tick comes. */
    void passes(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    /** Sets the wall clock back, by which Kafka Streams does not live. */
    void clockIsSetBack(Duration time) {
        now = now.minus(time);
    }

    /** A person pauses something, or resumes it. */
    void hears(Suspension suspension) {
        topology.halts().heard(suspension);
    }

    /** What was said of deadlines since the last call. */
    List<DeadlineReached> said() {
        return output(topics.fileEvents()).readValuesToList().stream()
                .map((FileEvent event) -> (DeadlineReached) event)
                .toList();
    }

    List<DeadLetter> deadLetters() {
        return output(topics.deadLetters()).readValuesToList();
    }

    private <K, V> TestOutputTopic<K, V> output(Topic<K, V> topic) {
        return driver.createOutputTopic(
                topic.name(), topic.key().deserializer(), topic.value().deserializer());
    }

    KeyValueStore<FileId, TrackedFile> tracked() {
        return driver.getKeyValueStore(MonitorTopology.WATCHED);
    }

    KeyValueStore<FileId, byte[]> setbacks() {
        return driver.getKeyValueStore(MonitorTopology.SETBACKS);
    }

    KeyValueStore<DueKey, byte[]> deadlines() {
        return driver.getKeyValueStore(MonitorTopology.DEADLINES);
    }

    /** The deadlines that are scheduled, in the order of their time. */
    List<DueKey> scheduled() {
        return DueIndex.entries(deadlines());
    }

    /** Takes over the stores of another, as a restart or another owner does from the changelog. */
    void restore(MonitorUnderTest earlier) {
        try (var entries = earlier.tracked().all()) {
            entries.forEachRemaining(entry -> tracked().put(entry.key, entry.value));
        }
        try (var entries = earlier.deadlines().all()) {
            entries.forEachRemaining(entry -> deadlines().put(entry.key, entry.value));
        }
        try (var entries = earlier.setbacks().all()) {
            entries.forEachRemaining(entry -> setbacks().put(entry.key, entry.value));
        }
    }

    Instant now() {
        return now;
    }

    double count(String meter) {
        return meters.find(meter).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    double gauge(String meter) {
        return meters.get(meter).gauge().value();
    }

    @Override
    public void close() {
        driver.close();
        try {
            Utils.delete(directory.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
