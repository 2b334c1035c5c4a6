package io.waybill.ingest.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.ingest.source.QueueSource;
import io.waybill.runtime.config.Secret;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.queue.MessageQueue;
import io.waybill.store.queue.QueueSettings;
import io.waybill.store.queue.QueueSettings.Login;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.brokers.BrokerCluster;
import io.waybill.testkit.sqs.SqsServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Messages go from a queue of SQS to a topic of Kafka; both servers are real. */
@Timeout(180)
final class QueueBridgeIT {
    /** Some times as long as the producer waits for a broker. */
    private static final Duration VISIBILITY = Duration.ofSeconds(12);
    private static final Login LOGIN = new Login(Secret.of("waybill"), Secret.of("waybill-secret"));
    private static final int LARGEST_RECORD = 100_000;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private static Path directory;

    private static BrokerCluster brokers;
    private static SqsServer sqs;

    @RegisterExtension
    final CaughtWarnings warnings =
            CaughtWarnings.named("io.waybill.ingest.sqs.QueueBridge", "io.waybill.ingest.sqs.Forwarding");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<QueueBridge> bridges = new ArrayList<>();
    private String topic;
    private URI queue;

    @BeforeAll
    static void startServers() throws Exception {
        brokers = BrokerCluster.startOne(directory.resolve("broker"));
        sqs = new SqsServer();
    }

    @AfterAll
    static void stopServers() throws Exception {
        if (sqs != null) {
            sqs.close();
        }
        brokers.close();
    }

    @BeforeEach
    void create(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        queue = sqs.create(topic.substring(0, Math.min(80, topic.length())));
        try (Admin admin = Admin.create(settings())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(
                    Map.of("max.message.bytes", String.valueOf(LARGEST_RECORD))))).all().get(60, TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void close() throws Exception {
        if (!brokers.node(1).isAlive()) {
            brokers.node(1).start();
        }
        for (QueueBridge bridge : bridges) {
            bridge.close();
            bridge.join(Duration.ofSeconds(20));
            assertThat(bridge.trouble()).isEmpty();
        }
    }

    private static Map<String, Object> settings() {
        return Map.of("bootstrap.servers", brokers.bootstrapServers(), "enable.metrics.push", false);
    }

    private QueueBridge bridge(URI address) {
        var source = new QueueSource("arrivals", address, Duration.ofSeconds(1), VISIBILITY, Optional.empty());
        var bridge = new QueueBridge(
                source,
                new MessageQueue(new QueueSettings(
                        address, "eu-central-1", Optional.of(LOGIN), source.waitTime(), VISIBILITY)),
                () -> QueueBridge.producer(
                        new ClientSettings(
                                Map.of("bootstrap.servers", brokers.bootstrapServers(), "enable.metrics.push",
                                        "false")),
                        "test"),
                topic,
                // Of two processes.
                bridges.isEmpty() ? meters : new SimpleMeterRegistry(),
                ProcessClock.system()); // allow clock: the bridge measures its waits by it
        bridges.add(bridge);
        bridge.start();
        return bridge;
    }

    private List<String> records() {
        var partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            var values = new ArrayList<String>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
            return values;
        }
    }

    @Test
    void shouldForwardEachMessageOnceAndDeleteIt() throws Exception {
        var bodies = new ArrayList<>(IntStream.range(0, 25).mapToObj(i -> "{\"Records\":[],\"n\":" + i + "}").toList());
        bodies.add("no JSON at all \u00e9\u4e2d");
        sqs.send(queue, bodies);

        bridge(queue);

        await().atMost(LIMIT).until(() -> sqs.size(queue) == 0);
        assertThat(records()).containsExactlyInAnyOrderElementsOf(bodies);
        assertThat(meters.get("waybill.source.messages").tags("source", "arrivals", "outcome", "forwarded").counter()
                .count())
                .isEqualTo(bodies.size());
        assertThat(meters.get("waybill.source.up").gauge().value()).isEqualTo(1);
    }

    @Test
    void shouldLoseNothingAndRepeatNothingWhereTwoReadOneQueue() throws Exception {
        bridge(queue);
        bridge(queue);
        List<String> bodies = IntStream.range(0, 60).mapToObj(i -> "message " + i).toList();

        sqs.send(queue, bodies);

        await().atMost(LIMIT).until(() -> sqs.size(queue) == 0);
        assertThat(records()).containsExactlyInAnyOrderElementsOf(bodies);
    }

    /** Longer than a message is hidden at first. */
    @Test
    void shouldHideMessagesAsLongAsKafkaDoesNotAnswer() throws Exception {
        sqs.send(queue, List.of("before"));
        var bridge = bridge(queue);
        await().atMost(LIMIT).until(() -> sqs.size(queue) == 0);
        brokers.node(1).kill();
        sqs.send(queue, List.of("meanwhile"));
        await().atMost(LIMIT).until(() -> !warnings.lines().isEmpty());

        long begin = System.nanoTime();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
            assertThat(sqs.visible(queue)).isEmpty();
            return Duration.ofNanos(System.nanoTime() - begin).compareTo(VISIBILITY.multipliedBy(3).dividedBy(2)) > 0;
        });
        assertThat(bridge.trouble()).hasValue(
                "source arrivals: Kafka does not answer; messages that were received stay hidden until it does");
        brokers.node(1).start();

        await().atMost(LIMIT).until(() -> sqs.size(queue) == 0);
        assertThat(records()).containsExactlyInAnyOrder("before", "meanwhile");
    }

    @Test
    void shouldSayWhichQueueIsGoneAndGoOnWhenItIsBack() throws Exception {
        URI none = sqs.address("not-yet-" + topic.substring(0, 20));
        var bridge = bridge(none);

        await().atMost(LIMIT).until(() -> bridge.trouble().isPresent());
        assertThat(bridge.trouble().orElseThrow())
                .startsWith("source arrivals: the queue " + none)
                .contains("does not exist", "correct 'queue'");
        assertThat(meters.get("waybill.source.up").gauge().value()).isZero();

        sqs.create("not-yet-" + topic.substring(0, 20));
        sqs.send(none, List.of("at last"));
        await().atMost(LIMIT).until(() -> bridge.trouble().isEmpty());
        await().atMost(LIMIT).until(() -> sqs.size(none) == 0);
        assertThat(records()).containsExactly("at last");
    }

    @Test
    void shouldLeaveAMessageThatKafkaDoesNotTakeAndForwardTheOthers() throws Exception {
        String large = new Random(1).ints(2 * LARGEST_RECORD, ' ' + 1, '~')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        sqs.send(queue, List.of(large));
        sqs.send(queue, List.of("small"));

        bridge(queue);

        await().atMost(LIMIT).until(() -> records().contains("small"));
        await().atMost(LIMIT).until(() -> meters.get("waybill.source.messages")
                .tags("outcome", "too_large").counter().count() > 0);
        assertThat(records()).containsOnly("small");
        assertThat(sqs.size(queue)).isOne();
    }
}
