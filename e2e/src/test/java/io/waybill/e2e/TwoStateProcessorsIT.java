package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Status;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances share the table, each with a standby of the other's part; one is killed under load. */
final class TwoStateProcessorsIT {
    private static final String PREFIX = "two.";

    @TempDir
    private Path directory;

    @Test
    @SuppressWarnings("try") // closing may be interrupted, and says so
    void shouldLoseNothingAndAnswerForAllFilesSoonWhenOneIsKilledUnderLoad() throws Exception {
        try (var servers = new Servers(directory)) {
            Topics topics = servers.topics(PREFIX);
            Path configuration = configuration(servers);
            Set<FileId> told;
            try (var first = new StateProcessorProcess(directory.resolve("first.log"), configuration, "first");
                    var second = new StateProcessorProcess(directory.resolve("second.log"), configuration, "second")) {
                await("both to be ready").until(() -> first.ready() && second.ready());
                try (var files = new FileStream(servers.bootstrapServers(), topics, "invoices")) {
                    await("a standby of each part").until(() -> stores("first") == 2 && stores("second") == 2);
                    await("five hundred files").until(() -> first.files().orElse(0L) > 500);

                    var unanswered = new ArrayDeque<>(files.told());
                    first.kill();
                    long killed = System.nanoTime();
                    await("an answer for all files").until(() -> answers(second, unanswered));
                    var gap = Duration.ofNanos(System.nanoTime() - killed);
                    System.out.println( // allow console: the figure is of interest beside the verdict
                            "all files are answered for " + gap.toMillis() + " ms after the kill");

                    first.startAgain();
                    await("the killed one to be back").until(first::ready);
                    told = new HashSet<>(files.stop());
                }
                await("the last file from either").until(() -> completed(first).equals(ids(told))
                        && completed(second).equals(ids(told)));
            }
            everyEventIsAppliedOnce(servers, topics, told);
        }
    }

    private static Set<String> ids(Iterable<FileId> files) {
        var ids = new HashSet<String>();
        files.forEach(id -> ids.add(id.value()));
        return ids;
    }

    /**
     * Takes away the files that a process says are completed, up to the first of which it does not. To list all files again
     * and again instead would be most of the load.
     */
    private static boolean answers(StateProcessorProcess process, Queue<FileId> unanswered) {
        while (!unanswered.isEmpty() && process.status(unanswered.element()).equals(Optional.of(Status.COMPLETED))) {
            unanswered.remove();
        }
        return unanswered.isEmpty();
    }

    private static Set<String> completed(StateProcessorProcess process) {
        return process.ids(Status.COMPLETED.name()).orElse(Set.of());
    }

    /** Each file lived through its three states once, and caused one item of work and one ready file. */
    private static void everyEventIsAppliedOnce(Servers servers, Topics topics, Set<FileId> told) {
        Map<FileId, List<Long>> versions = new HashMap<>();
        for (FileState state : read(servers, topics.fileState())) {
            versions.computeIfAbsent(state.id(), _ -> new ArrayList<>()).add(state.version());
        }
        assertThat(versions.keySet()).isEqualTo(told);
        assertThat(versions.values()).allMatch(List.of(1L, 2L, 3L)::equals);
        assertThat(read(servers, topics.transferWork()).stream().map(work -> work.id()).toList())
                .containsExactlyInAnyOrderElementsOf(told);
        assertThat(read(servers, topics.readyFiles()).stream().map(ready -> ready.id()).toList())
                .containsExactlyInAnyOrderElementsOf(told);
        assertThat(read(servers, topics.deadLetters())).isEmpty();
    }

    private static <V> List<V> read(Servers servers, Topic<?, V> topic) {
        var values = new ArrayList<V>();
        var settings = new ClientSettings(Map.of("bootstrap.servers", servers.bootstrapServers())).consumer();
        try (var consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .collect(Collectors.toList());
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(topic.value().deserializer().deserialize(topic.name(), record.value()));
                }
            }
        }
        return values;
    }

    /** Partitions of whose table an instance has a copy, its own or as a standby. */
    private long stores(String instance) {
        Path tasks = directory.resolve("streams/state-processor/" + instance + "/" + PREFIX + "state-processor");
        try (var all = Files.walk(tasks, 3)) {
            return all.filter(path -> path.endsWith("rocksdb/files")).count();
        } catch (IOException e) {
            return 0;
        }
    }

    private Path configuration(Servers servers) throws IOException {
        return Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: "%s" }
                schema.registry.url: %s
                topics: { prefix: %s, filePartitions: 2, workPartitions: 3, replication: 1 }
                streams: { stateDirectory: %s, standbyReplicas: 1 }
                destinations:
                  acme:
                    host: 127.0.0.1
                    user: waybill
                    password: file:%s
                    hostKeys: ["SHA256:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo"]
                routes:
                  invoices:
                    source: { bucket: outbound, prefix: invoices/ }
                    deliver: { destination: acme, path: "/in/{name}" }
                """.formatted(
                servers.bootstrapServers(),
                servers.registryUrl(),
                PREFIX,
                directory.resolve("streams"),
                Files.writeString(directory.resolve("password"), "unused")));
    }
}
