package io.waybill.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.devstack.servers.EmbeddedStack;
import io.waybill.devstack.servers.StackEndpoints;
import io.waybill.devstack.servers.StackSettings;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.SourceObject;
import io.waybill.ingest.IngestService;
import io.waybill.ingest.IngestSettings;
import io.waybill.ingest.source.SourceSettings;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.store.ObjectStore;
import io.waybill.testkit.CaughtWarnings;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Instances of ingest come and go while objects land: each notification is told once on each route of its object.
 *
 * <p>A store may announce one object twice, and the embedded one does now and then. Its repeats may be told again, so
 * arrivals are counted against what was announced: an object that was announced once arrives exactly once.
 */
@Timeout(180)
final class IngestIT {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.named(
            "io.waybill.ingest.BatchResult",
            "io.waybill.ingest.IngestLoop");

    private static final TopicSettings SETTINGS = new TopicSettings("waybill.", 4, 3, (short) 1);
    private static final Pattern KEY = Pattern.compile("\"key\"\\s*:\\s*\"([^\"]*)\"");

    @TempDir
    private Path directory;

    private final List<Instance> instances = new ArrayList<>();
    private EmbeddedStack stack;
    private StackEndpoints endpoints;
    private DomainSerdes serdes;
    private Topics topics;
    private S3Client s3;

    /** A running instance. */
    private record Instance(IngestService service, FutureTask<Void> run) {
        void stop() throws Exception {
            service.close();
            run.get(60, TimeUnit.SECONDS);
        }
    }

    @BeforeEach
    void start() throws Exception {
        Path registry = Path.of("..", "devstack", "target", "app", "registry");
        stack = new EmbeddedStack(
                StackSettings.anyPorts(directory, registry), IngestIT::createTopics, ProcessClock.system());
        endpoints = stack.start();
        serdes = DomainSerdes.from(
                Map.of("schema.registry.url", endpoints.registryUrl().toString()));
        topics = Topics.from(SETTINGS, serdes);
        s3 = S3Client.builder()
                .endpointOverride(endpoints.s3())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClient(Apache5HttpClient.create())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(EmbeddedS3.ACCESS_KEY, EmbeddedS3.SECRET_KEY)))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        for (Instance instance : instances) {
            instance.stop();
        }
        s3.close();
        serdes.close();
        stack.close();
    }

    private static void createTopics(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
            new TopicCatalog(admin, (short) 1)
                    .createOrCheck(Topics.from(SETTINGS, DomainSerdes.of(new InMemorySchemaRegistry())));
        }
    }

    @Test
    void shouldTellEachNotificationOnceWhileInstancesComeAndGo() throws Exception {
        Instance first = running("ingest-1");
        var expected = new ArrayList<>(put(0, 100));
        running("ingest-2");
        expected.addAll(put(100, 200));
        first.stop();
        expected.addAll(put(200, 300));
        running("ingest-1");
        expected.addAll(put(300, 400));
        List<String> arrived = arrivals(expected.size());
        assertThat(Set.copyOf(arrived)).isEqualTo(Set.copyOf(expected));
        Map<String, Integer> announced = announcements();
        assertThat(counted(arrived)).allSatisfy((arrival, times) -> assertThat(times)
                .describedAs(arrival)
                .isBetween(1, announced.getOrDefault(keyOf(arrival), 0)));

        s3.putObject(object -> object.bucket("inbox").key("overwritten"), RequestBody.fromString("one"));
        awaitArrival("all overwritten 3");
        s3.putObject(object -> object.bucket("inbox").key("overwritten"), RequestBody.fromString("three"));
        awaitArrival("all overwritten 5");
    }

    @Test
    void shouldSetGarbageAsideAndGoOnPastObjectsThatTheStoreDoesNotDescribe() throws Exception {
        running("ingest-1");
        Map<String, Object> settings = Map.of("bootstrap.servers", endpoints.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                    topics.s3Notifications().name(), "garbage".getBytes(StandardCharsets.UTF_8)))
                    .get();
            // The store of this stack refuses the first for ever, and S3 allows no part of the others.
            for (String hostile : List.of("x//etc/y\"", "a/../b\"",
                    "a\", \"versionId\": \"" + "9".repeat(9_000) + "\"")) {
                String notification =
                        """
                        {"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put",
                         "s3":{"bucket":{"name":"inbox"},"object":{"key":"%s}}}]}
                        """.formatted(hostile);
                producer.send(new ProducerRecord<>(
                        topics.s3Notifications().name(), notification.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
        List<String> expected = put(0, 10);
        assertThat(Set.copyOf(arrivals(expected.size()))).isEqualTo(Set.copyOf(expected));
        assertThat(read(topics.deadLetters(), 3)).map(DeadLetter.Poison.class::cast)
                .satisfiesExactlyInAnyOrder(
                        letter -> assertThat(letter.value()).asString().isEqualTo("garbage"),
                        letter -> assertThat(letter.reason()).startsWith("BAD_NAME"),
                        letter -> assertThat(letter.reason()).contains("version id has 9000 bytes"));
    }

    /** How often the store announced each object. */
    private Map<String, Integer> announcements() {
        var keys = new ArrayList<String>();
        for (byte[] notification : read(topics.s3Notifications(), 0)) {
            var object = KEY.matcher(new String(notification, StandardCharsets.UTF_8));
            while (object.find()) {
                keys.add(URLDecoder.decode(object.group(1), StandardCharsets.UTF_8));
            }
        }
        return counted(keys);
    }

    private static Map<String, Integer> counted(List<String> texts) {
        return texts.stream().collect(Collectors.toMap(text -> text, _ -> 1, Integer::sum));
    }

    /** An arrival is told as route, key and size, and only the key may have spaces. */
    private static String keyOf(String arrival) {
        return arrival.substring(arrival.indexOf(' ') + 1, arrival.lastIndexOf(' '));
    }

    private void awaitArrival(String arrival) {
        List<String> arrived = arrivals(0);
        while (!arrived.contains(arrival)) {
            arrived = arrivals(arrived.size());
        }
    }

    private Instance running(String instanceId) {
        String yaml =
                """
                kafka:
                  bootstrap.servers: %s
                schema.registry.url: %s
                s3:
                  endpoint: %s
                  accessKey: env:ACCESS
                  secretKey: env:SECRET
                routes:
                  all: { source: { bucket: inbox } }
                  tables: { source: { bucket: inbox, prefix: "tä b/", suffix: .csv } }
                streams: { instanceId: %s }
                """
                        .formatted(
                                endpoints.bootstrapServers(), endpoints.registryUrl(), endpoints.s3(), instanceId);
        var secrets = Map.of("ACCESS", EmbeddedS3.ACCESS_KEY, "SECRET", EmbeddedS3.SECRET_KEY);
        var config =
                WaybillConfig.parse("test", yaml, new Overrides(Map.of(), secrets),
                        List.of(IngestSettings.SECTION, SourceSettings.SECTION));
        var service = IngestService.from(
                config,
                topics,
                () -> ObjectStore.catalog(config.s3()),
                new SimpleMeterRegistry(),
                ProcessClock.system());
        var instance = new Instance(
                service,
                new FutureTask<>(() -> {
                    service.run();
                    return null;
                }));
        Thread.ofPlatform().name(instanceId).start(instance.run());
        instances.add(instance);
        return instance;
    }

    /** Puts objects and returns their arrivals as route, key and size. */
    private List<String> put(int from, int to) {
        return IntStream.range(from, to)
                .boxed()
                .flatMap(i -> {
                    String name = i % 2 == 0 ? "tä b/a+b %20 " + i + ".csv" : "other/" + i;
                    s3.putObject(
                            object -> object.bucket("inbox").key(name), RequestBody.fromString("x".repeat(i)));
                    String arrival = name + " " + i;
                    return i % 2 == 0 ? Stream.of("all " + arrival, "tables " + arrival) : Stream.of("all " + arrival);
                })
                .toList();
    }

    private List<String> arrivals(int atLeast) {
        return read(topics.fileEvents(), atLeast).stream().map(IngestIT::told).toList();
    }

    private static String told(FileEvent event) {
        SourceObject object = ((Arrived) event).source();
        return ((Arrived) event).route() + " " + object.key() + " " + object.size();
    }

    /** Every committed value of a topic, once there are so many and no more come for a moment. */
    private <V> List<V> read(Topic<?, V> topic, int atLeast) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", endpoints.bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(
                settings, topic.key().deserializer(), topic.value().deserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, topic.layout().partitions())
                    .mapToObj(number -> new TopicPartition(topic.name(), number))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var values = new ArrayList<V>();
            int more = 1;
            while (values.size() < atLeast || more > 0) {
                var records = consumer.poll(Duration.ofSeconds(1));
                records.forEach(record -> values.add(record.value()));
                more = records.count();
            }
            return values;
        }
    }
}
