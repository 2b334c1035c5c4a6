package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.domain.audit.SigningKey;
import io.waybill.runtime.kafka.ClientSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit on real servers: what was done stands in it, and nobody can touch it unnoticed. */
final class AuditIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private static Path scratch;

    private static LiveStack stack;
    private static Path publicKey;

    @BeforeAll
    static void start() throws Exception {
        SigningKey key = SigningKey.random();
        Path file = Files.writeString(scratch.resolve("audit.pem"), key.pem());
        publicKey = Files.writeString(scratch.resolve("audit.pub"), key.verifying().pem());
        stack = new LiveStack(
                scratch,
                """
                audit: { signingKey: "file:%s" }
                routes:
                  unclaimed:
                    source: { bucket: files, prefix: unclaimed/ }
                    import: { required: true }
                """.formatted(file));
    }

    @AfterAll
    static void stop() throws Exception {
        if (stack != null) {
            stack.close();
        }
    }

    /** The configuration of somebody who looks at the stack from outside, perhaps at topics with another prefix. */
    private static String configuration(String prefix) throws IOException {
        return Files.writeString(
                scratch.resolve("outside-" + prefix + "yaml"),
                """
                kafka: { bootstrap.servers: "%s" }
                schema.registry.url: "%s"
                topics: { prefix: "%s", filePartitions: %d, workPartitions: %d, replication: 1 }
                """.formatted(
                        stack.config().kafka().get("bootstrap.servers"),
                        stack.registry(),
                        prefix,
                        stack.config().topics().filePartitions(),
                        stack.config().topics().workPartitions()))
                .toString();
    }

    private static String own() throws IOException {
        return configuration(stack.config().topics().prefix());
    }

    private static CommandRun run(String configuration, String... arguments) {
        return CommandRun.of(Stream.concat(
                Stream.of(arguments), Stream.of("--config", configuration, "--api", stack.api()))
                .toList());
    }

    private static List<JsonNode> audit(String... filter) throws IOException {
        CommandRun run = run(own(), Stream.concat(Stream.of("audit", "--since", "1h", "--json"), Stream.of(filter))
                .toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return StreamSupport.stream(JSON.readTree(run.out()).spliterator(), false).toList();
    }

    @Test
    void shouldHoldWhatWasDoneAndShowWhateverIsChangedAfterwards() throws Exception {
        String file = stack.arrived("unclaimed/a", "a");
        act(file);
        await("what was done").untilAsserted(() -> assertThat(audit("--target", file)).hasSize(2));
        CommandRun evidence = run(own(), "evidence", file, "--reason", "yearly audit", "--by", "eve");
        assertThat(evidence.exitCode()).as(evidence.err()).isZero();

        await("the entries").untilAsserted(() -> assertThat(audit("--target", file))
                .extracting(entry -> entry.path("what").asText() + " " + entry.path("outcome").asText())
                .containsExactly("cancel ACCEPTED", "cancel REFUSED", "evidence ACCEPTED"));
        assertThat(audit("--what", "skip-record")).singleElement()
                .satisfies(entry -> assertThat(entry.path("role").asText()).isEqualTo("command-line"));
        assertThat(run(own(), "audit", "--since", "1h", "--by", "=ann", "--csv").out())
                .contains("'=ann,none,cancel,file," + file + ",ACCEPTED");

        assertThat(verify(own())).contains("good");
        checkEvidence(evidence.out());
        showsWhatIsTouched();
    }

    private static void act(String file) throws Exception {
        String ann = "{'by':'=ann','reason':'not needed'}";
        assertThat(stack.post("/v1/files/" + file + "/cancel", ann).status()).isEqualTo(202);
        stack.awaitStatus(file, "FAILED");
        assertThat(stack.post("/v1/files/" + file + "/cancel", ann).status()).isEqualTo(409);
        stack.write(stack.topics().s3Notifications().name(), new byte[0], new byte[] {'{', '}'});
        CommandRun skip = CommandRun.of(List.of(
                "skip", "--record", place(), "--by", "otto", "--reason", "of no use", "--config", own()));
        assertThat(skip.exitCode()).as(skip.err()).isZero();
    }

    /** Of any notification that is there. */
    private static String place() {
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = partitions(stack.topics().s3Notifications().name());
            return consumer.endOffsets(partitions).entrySet().stream()
                    .filter(end -> end.getValue() > 0)
                    .map(end -> end.getKey().partition() + "@" + (end.getValue() - 1))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String verify(String configuration) {
        CommandRun run = run(configuration, "audit", "--verify", "--key", publicKey.toString());
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        return run.out();
    }

    private static void checkEvidence(String evidence) throws IOException {
        Path good = Files.writeString(scratch.resolve("evidence.json"), evidence);
        CommandRun check = CommandRun.of(List.of(
                "evidence", "--check", good.toString(), "--key", publicKey.toString()));
        assertThat(check.exitCode()).as(check.out() + check.err()).isZero();
        assertThat(check.out()).contains("with its 3 entries of the audit is signed");
        Path bad = Files.writeString(scratch.resolve("forged.json"), evidence.replace("not needed", "as they wish"));
        assertThat(CommandRun.of(List.of("evidence", "--check", bad.toString(), "--key", publicKey.toString()))
                .exitCode()).isEqualTo(1);
    }

    /** Whoever administers Kafka can write the topic anew. */
    private static void showsWhatIsTouched() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> records = records();
        assertThat(records).hasSizeGreaterThanOrEqualTo(3);
        assertThat(verify(copy("same.", records, all -> all))).contains("good");
        assertBroken(copy("flipped.", records, all -> {
            byte[] value = all.get(1).value();
            // In the middle of the texts.
            value[value.length / 2] ^= 1;
            return all;
        }), "CHANGED", "UNREADABLE");
        assertBroken(copy("removed.", records, all -> {
            all.remove(1);
            return all;
        }), "MISSING");
        assertBroken(copy("swapped.", records, all -> {
            Collections.swap(all, 0, 1);
            return all;
        }), "REORDERED");
    }

    private static void assertBroken(String configuration, String... anyOf) {
        CommandRun run = run(configuration, "audit", "--verify", "--key", publicKey.toString());
        assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
        assertThat(run.out()).contains("BROKEN");
        assertThat(Stream.of(anyOf)).as(run.out() + run.err())
                .anySatisfy(kind -> assertThat(run.out() + run.err()).contains(kind));
    }

    /** The longest chain. */
    private static List<ConsumerRecord<byte[], byte[]>> records() {
        var all = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = partitions(stack.topics().audit().name());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
        }
        return partitions(stack.topics().audit().name()).stream()
                .map(partition -> all.stream().filter(one -> one.partition() == partition.partition()).toList())
                .max((one, other) -> Integer.compare(one.size(), other.size()))
                .orElseThrow();
    }

    private static String copy(
            String prefix,
            List<ConsumerRecord<byte[], byte[]>> records,
            UnaryOperator<List<ConsumerRecord<byte[], byte[]>>> change) throws Exception {
        var own = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            own.add(new ConsumerRecord<>(
                    record.topic(), record.partition(), record.offset(), record.key(), record.value().clone()));
        }
        var settings = new ClientSettings(stack.config().kafka());
        var serializer = new ByteArraySerializer();
        try (var admin = Admin.create(settings.admin());
                var producer = new KafkaProducer<>(settings.producer(), serializer, serializer)) {
            admin.createTopics(List.of(new NewTopic(
                    prefix + "audit", stack.config().topics().filePartitions(), (short) 1))).all().get();
            for (ConsumerRecord<byte[], byte[]> record : change.apply(own)) {
                producer.send(new ProducerRecord<>(
                        prefix + "audit", record.partition(), record.key(), record.value())).get();
            }
        }
        return configuration(prefix);
    }

    private static KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                new ClientSettings(stack.config().kafka()).consumer(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(String topic) {
        return Stream.iterate(0, number -> number + 1)
                .limit(stack.config().topics().filePartitions())
                .map(number -> new TopicPartition(topic, number))
                .toList();
    }
}
