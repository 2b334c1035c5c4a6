package io.waybill.state.table;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Proof;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.streams.PoisonHandler;
import io.waybill.runtime.streams.StreamsProperties;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.state.index.FileCounts;
import io.waybill.state.index.GroupKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The state topology on a driver, spoken to in the words of the domain. Its wall clock begins at {@link #START}.
 * Its directory goes when it is closed. */
public final class PipelineUnderTest implements AutoCloseable {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String CONFIGURATION =
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            destinations:
              acme:
                host: sftp.acme.example
                user: waybill
                password: env:ACME_PASSWORD
                hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"]
                maxConnections: 4
            routes:
              invoices:
                source: { bucket: outbound, prefix: invoices/ }
                deliver: { destination: acme, path: "/incoming/{name}" }
                retry: { maxAttempts: 3, backoff: 1s, maxBackoff: 10s }
                timeouts: { unclaimed: 7d, unfinished: 1d }
                retention: 30d
              orders:
                source: { bucket: outbound, prefix: orders/ }
                deliver: { destination: acme, path: "/orders/{name}" }
                import: { required: true }
              drop:
                source: { bucket: inbound }
                import: { required: true, heartbeat: 1m }
            """;

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final FileCounts counts = new FileCounts();
    final StateChangeListeners changes = new StateChangeListeners();
    final Releases releases = new Releases(() -> this.now);
    private final Topics topics;
    private final Path directory;
    private final TopologyTestDriver driver;
    private Instant now = START;

    public PipelineUnderTest(Path directory) {
        this(directory, CONFIGURATION);
    }

    PipelineUnderTest(Path directory, String configuration) {
        this.directory = directory;
        WaybillConfig config = config(directory, configuration);
        topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
        var topology = new StateTopology(config, topics, meters, counts, changes, releases,
                ProcessClock.of(() -> now, () -> now.toEpochMilli() * 1_000_000));
        var poison = new PoisonHandler.Destination("state-processor", topics.deadLetters(), meters, () -> now);
        var properties = StreamsProperties.of("state-processor", config, poison, Map.of());
        // The driver forgets what is sent before a record is processed, such as a poison's letter, when it is sent in a
        // transaction.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        driver = new TopologyTestDriver(topology.get(), properties, START);
    }

    static WaybillConfig config(Path directory, String configuration) {
        var environment = Map.of("ACME_PASSWORD", "secret");
        return WaybillConfig.parse(
                "test",
                configuration + "streams: { stateDirectory: " + directory + " }\n"
                // The driver reads every record from partition 0.
                        + (configuration.contains("\ntopics:") ? "" : "topics: { filePartitions: 1 }\n"),
                new Overrides(Map.of(), environment),
                List.of());
    }

    /** An object of a route, told apart by its key. */
    static SourceObject object(String key) {
        return new SourceObject("outbound", key, "v1", "e1", 42, START);
    }

    static FileId id(String route, SourceObject source) {
        return FileId.of(new RouteName(route), source.bucket(), source.key(), source.version());
    }

    public static FileEvent.Arrived arrived(String route, String key) {
        SourceObject source = object(key);
        return new FileEvent.Arrived(id(route, source), START, new RouteName(route), source);
    }

    static Receipt receipt(String path) {
        return new Receipt(
                new RemotePath(path), 42, "00".repeat(32), Proof.SIZE, DestinationClass.ATOMIC_DURABLE,
                Duration.ofMillis(7));
    }

    public void told(FileEvent... events) {
        toldAt(now, events);
    }

    /** Reads events whose records were written at another time. */
    void toldAt(Instant written, FileEvent... events) {
        var input = driver.createInputTopic(
                topics.fileEvents().name(),
                topics.fileEvents().key().serializer(),
                topics.fileEvents().value().serializer());
        for (FileEvent event : events) {
            input.pipeInput(event.id(), event, written);
        }
    }

    void toldUnder(FileId key, FileEvent event) {
        toldBytes(
                key.value().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                topics.fileEvents().value().serializer().serialize(topics.fileEvents().name(), event));
    }

    void toldBytes(byte @Nullable [] key, byte @Nullable [] value) {
        TestInputTopic<byte[], byte[]> input = driver.createInputTopic(
                topics.fileEvents().name(), new ByteArraySerializer(), new ByteArraySerializer());
        var record = new TestRecord<>(key, value, now);
        record.headers().add("source", new byte[] {1, 2});
        input.pipeInput(record);
    }

    /** Takes over the stores of another, as a restart or another owner does from the changelogs. */
    void restore(PipelineUnderTest earlier) {
        List.of(StateTopology.FILES, StateTopology.HISTORY, StateTopology.EXPIRY).forEach(name -> copy(earlier, name));
    }

    /** The size of the largest record that was written so far, those of the history included. */
    int largestRecord() {
        int largest = 0;
        try (var entries = history().all()) {
            while (entries.hasNext()) {
                largest =
                        Math.max(largest, HistoryEntry.serde().serializer().serialize("", entries.next().value).length);
            }
        }
        for (var topic : List.of(topics.fileState(), topics.transferWork(), topics.deadLetters(), topics.controls())) {
            var bytes =
                    driver.createOutputTopic(topic.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            for (byte[] value : bytes.readValuesToList()) {
                largest = Math.max(largest, value == null ? 0 : value.length);
            }
        }
        return largest;
    }

    private void copy(PipelineUnderTest earlier, String store) {
        KeyValueStore<Object, Object> mine = driver.getKeyValueStore(store);
        try (var entries = earlier.driver.<Object, Object>getKeyValueStore(store).all()) {
            entries.forEachRemaining(entry -> mine.put(entry.key, entry.value));
        }
    }

    /** Lets the wall clock advance, in steps small enough for every tick to come. */
    public void passes(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    FileState state(FileId id) {
        return Objects.requireNonNull(files().get(id), () -> "no file is known as " + id);
    }

    public KeyValueStore<FileId, FileState> files() {
        return driver.getKeyValueStore(StateTopology.FILES);
    }

    public KeyValueStore<HistoryKey, HistoryEntry> history() {
        return driver.getKeyValueStore(StateTopology.HISTORY);
    }

    public KeyValueStore<GroupKey, byte[]> groups() {
        return driver.getKeyValueStore(StateTopology.GROUPS);
    }

    List<KeyValue<FileId, FileState>> states() {
        return output(topics.fileState()).readKeyValuesToList();
    }

    List<KeyValue<String, TransferWork>> work() {
        return output(topics.transferWork()).readKeyValuesToList();
    }

    List<KeyValue<FileId, ControlRecord>> controls() {
        return output(topics.controls()).readKeyValuesToList();
    }

    List<KeyValue<FileId, ReadyFile>> ready() {
        return output(topics.readyFiles()).readKeyValuesToList();
    }

    List<DeadLetter> deadLetters() {
        return output(topics.deadLetters()).readValuesToList();
    }

    private <K, V> TestOutputTopic<K, V> output(Topic<K, V> topic) {
        return driver.createOutputTopic(
                topic.name(), topic.key().deserializer(), topic.value().deserializer());
    }

    double count(String meter, String... tags) {
        var counter = meters.find(meter).tags(tags).counter();
        return counter == null ? 0 : counter.count();
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
