package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KilledBrokerIT {
    private static final String TOPIC = "events";
    private static final int PARTITIONS = 6;
    private static final int WRITERS = 6;
    private static final int ENOUGH = 300;
    private static final int KILLS = 3;
    private static final String BUSY = "busy";

    @TempDir
    private Path directory;

    @Test
    void shouldLeaveNoTransactionHanging() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = busyBroker();
            process.destroyForcibly().waitFor();
            try (var kafka = new EmbeddedKafka(directory, 0, false)) {
                kafka.start();
                try (var admin = Clients.admin(kafka.bootstrapServers())) {
                    await("the end of all transactions after kill " + kill)
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> ends(admin, IsolationLevel.READ_COMMITTED)
                                    .equals(ends(admin, IsolationLevel.READ_UNCOMMITTED)));
                    assertThat(ends(admin, IsolationLevel.READ_COMMITTED).values()).allMatch(end -> end > 0);
                }
            }
        }
    }

    private Process busyBroker() throws IOException {
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledBrokerIT.class.getName(),
                directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        assertThat(output.readLine()).isEqualTo(BUSY);
        return process;
    }

    private static Map<Integer, Long> ends(Admin admin, IsolationLevel level) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, ListOffsetsResultInfo> found =
                admin.listOffsets(latest, new ListOffsetsOptions(level)).all().get();
        Map<Integer, Long> ends = new HashMap<>();
        found.forEach((partition, info) -> ends.put(partition.partition(), info.offset()));
        return ends;
    }

    private static List<TopicPartition> partitions() {
        return IntStream.range(0, PARTITIONS).mapToObj(number -> new TopicPartition(TOPIC, number)).toList();
    }

    /**
     * A broker and writers of short transactions, until it is killed.
     *
     * @param args the broker's directory
     */
    public static void main(String[] args) throws Exception {
        var kafka = new EmbeddedKafka(Path.of(args[0]), 0, false);
        kafka.start();
        try (var admin = Clients.admin(kafka.bootstrapServers())) {
            if (!admin.listTopics().names().get().contains(TOPIC)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
            }
        }
        var committed = new CountDownLatch(ENOUGH);
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            Thread.ofPlatform().start(() -> write(kafka.bootstrapServers(), number, committed));
        }
        committed.await();
        System.out.println(BUSY); // allow console: to the test
        Thread.currentThread().join();
    }

    private static void write(String bootstrapServers, int number, CountDownLatch committed) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "transactional.id", "writer-" + number,
                "transaction.timeout.ms", "3000",
                "retry.backoff.ms", "5");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            while (true) {
                producer.beginTransaction();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    var _ = producer.send(new ProducerRecord<>(TOPIC, partition, "k", "v"));
                }
                producer.commitTransaction();
                committed.countDown();
            }
        }
    }
}
