package io.waybill.benchmarks;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.FileEvent;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.streams.PoisonHandler;
import io.waybill.runtime.streams.StreamsProperties;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.state.index.FileCounts;
import io.waybill.state.table.Releases;
import io.waybill.state.table.SeededTable;
import io.waybill.state.table.StateChangeListeners;
import io.waybill.state.table.StateTopology;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;

/**
 * A topology with one stream thread and the product's settings, which is fed by rounds and takes the time of each from
 * its first record to the commit of its last. Between rounds it is paused.
 */
final class StreamUnderLoad implements AutoCloseable {
    static final ProcessClock CLOCK = ProcessClock.system();
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final String STATE = "state-processor";
    private static final String BARE = "bare";

    private final Topics topics;
    private final KafkaStreams streams;
    private final FileCounts counts;
    private final Admin admin;
    private final Producer<byte[], byte[]> feeder;
    private final String group;
    private final Duration startTime;

    private StreamUnderLoad(WaybillConfig config, String service, Topology topology, Topics topics, FileCounts counts)
            throws IOException {
        this.topics = topics;
        this.counts = counts;
        group = config.topics().prefix() + service;
        var settings = new ClientSettings(config.kafka());
        admin = Admin.create(settings.admin());
        Map<String, Object> properties = settings.producer();
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 10);
        feeder = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        MeterRegistry meters = new SimpleMeterRegistry();
        var poison = new PoisonHandler.Destination(service, topics.deadLetters(), meters, CLOCK);
        streams = new KafkaStreams(topology, StreamsProperties.of(service, config, poison, Map.of()));
        Instant begin = CLOCK.instant();
        streams.start();
        await("the stream to run", () -> streams.state() == KafkaStreams.State.RUNNING && assigned() > 0);
        startTime = Duration.between(begin, CLOCK.instant());
        streams.pause();
    }

    private long assigned() {
        return streams.metadataForLocalThreads().stream()
                .mapToLong(thread -> thread.activeTasks().size())
                .sum();
    }

    /** The state-processor's topology on a table of so many old files. */
    static StreamUnderLoad ofState(BenchBroker broker, Path directory, String prefix, FileLoad load, long old)
            throws IOException {
        WaybillConfig config = config(broker, directory, prefix);
        Topics topics = topics(config);
        try (var table = new SeededTable(STATE, config, topics)) {
            for (long number = 0; number < old; number++) {
                table.add(load.story(number));
            }
        }
        var counts = new FileCounts();
        var topology = new StateTopology(
                config, topics, new SimpleMeterRegistry(), counts, new StateChangeListeners(), new Releases(CLOCK),
                CLOCK)
                .get();
        return new StreamUnderLoad(config, STATE, topology, topics, counts);
    }

    /** One that hands each record on as it is: bytes in, bytes out. */
    static StreamUnderLoad bare(BenchBroker broker, Path directory, String prefix) throws IOException {
        WaybillConfig config = config(broker, directory, prefix);
        Topics topics = topics(config);
        var topology = new Topology();
        topology.addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.fileEvents().name());
        topology.addSink("out", topics.fileState().name(), new ByteArraySerializer(), new ByteArraySerializer(), "in");
        return new StreamUnderLoad(config, BARE, topology, topics, new FileCounts());
    }

    /** One that reads each event and writes it again. */
    static StreamUnderLoad typed(BenchBroker broker, Path directory, String prefix) throws IOException {
        WaybillConfig config = config(broker, directory, prefix);
        Topics topics = topics(config);
        var events = topics.fileEvents();
        var topology = new Topology();
        topology.addSource("in", events.key().deserializer(), events.value().deserializer(), events.name());
        topology.addSink(
                "out", topics.fileState().name(), events.key().serializer(), sameSchema(events), "in");
        return new StreamUnderLoad(config, BARE, topology, topics, new FileCounts());
    }

    /** Writes as if to the topic of the events, whose schema the registry knows. */
    private static <V> Serializer<V> sameSchema(Topic<?, V> topic) {
        return (_, value) -> topic.value().serializer().serialize(topic.name(), value);
    }

    static WaybillConfig config(BenchBroker broker, Path directory, String prefix) {
        var yaml = new StringBuilder("""
                kafka: { bootstrap.servers: "%s" }
                schema.registry.url: http://unused
                topics: { prefix: %s, replication: 1 }
                streams: { stateDirectory: %s, standbyReplicas: 0 }
                destinations:
                """.formatted(broker.bootstrapServers(), prefix, directory));
        for (int i = 0; i < FileLoad.ROUTES; i++) {
            yaml.append("""
                      partner-%d:
                        host: 127.0.0.1
                        user: waybill
                        password: env:PASSWORD
                        hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"]
                    """.formatted(i));
        }
        yaml.append("routes:\n");
        for (int i = 0; i < FileLoad.ROUTES; i++) {
            yaml.append("""
                      route-%d:
                        source: { bucket: outbound, prefix: route-%d/ }
                        deliver: { destination: partner-%d, path: "/incoming/{name}" }
                    """.formatted(i, i, i));
        }
        return WaybillConfig.parse(
                "benchmark", yaml.toString(), new Overrides(Map.of(), Map.of("PASSWORD", "unused")), List.of());
    }

    private static Topics topics(WaybillConfig config) {
        Topics topics = Topics.from(config.topics(), DomainSerdes.of(new KnownSchemas()));
        try (var admin = Admin.create(new ClientSettings(config.kafka()).admin())) {
            var _ = new TopicCatalog(admin, config.topics().replication()).createOrCheck(topics);
        }
        return topics;
    }

    /** From the start of the client until it had restored its stores and was at work. */
    Duration startTime() {
        return startTime;
    }

    KafkaStreams streams() {
        return streams;
    }

    FileCounts counts() {
        return counts;
    }

    /** Feeds the events while the stream is paused, then lets it go, and returns how many it did in a second. */
    double eventsPerSecond(List<FileEvent> events) throws IOException {
        events.forEach(event -> {
            var _ = feeder.send(topics.fileEvents().record(event.id(), event));
        });
        feeder.flush();
        Map<TopicPartition, Long> ends = ends();
        Instant begin = CLOCK.instant();
        streams.resume();
        await("the end of a round", () -> committed(ends));
        double seconds = Duration.between(begin, CLOCK.instant()).toNanos() / 1e9;
        streams.pause();
        return events.size() / seconds;
    }

    private Map<TopicPartition, Long> ends() throws IOException {
        String topic = topics.fileEvents().name();
        try {
            Map<TopicPartition, OffsetSpec> all = IntStream.range(0, topics.fileEvents().layout().partitions())
                    .boxed()
                    .collect(Collectors.toMap(i -> new TopicPartition(topic, i), _ -> OffsetSpec.latest()));
            return admin.listOffsets(all).all().get().entrySet().stream()
                    .filter(end -> end.getValue().offset() > 0)
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (ExecutionException | InterruptedException e) {
            throw new IOException("the broker does not tell the ends of " + topic, e);
        }
    }

    private boolean committed(Map<TopicPartition, Long> ends) {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            return ends.entrySet().stream().allMatch(end -> {
                OffsetAndMetadata offset = offsets.get(end.getKey());
                return offset != null && offset.offset() >= end.getValue();
            });
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("the broker does not tell the offsets of " + group, e);
        }
    }

    private static void await(String what, BooleanSupplier condition) throws IOException {
        Instant end = CLOCK.instant().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            if (CLOCK.instant().isAfter(end)) {
                throw new IOException("waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @Override
    public void close() {
        streams.close(Duration.ofSeconds(30));
        feeder.close();
        admin.close();
    }
}
