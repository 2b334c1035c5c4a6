package io.waybill.e2e;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.devstack.servers.EmbeddedKafka;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.ControlRecord.Approval;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileId;
import io.waybill.domain.Suspension;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.halt.ControlsFollower;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.kafka.WrittenEnds;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.state.write.Change;
import io.waybill.state.write.NotWrittenException;
import io.waybill.state.write.TransactionalWriter;
import io.waybill.testkit.CaughtWarnings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How requests come into the topics of a real broker, and what a process sees that starts just then. */
final class RequestWriterIT {
    private static final Suspension PAUSED = Suspension.none(
            new Suspension.Subject.Destination(new DestinationName("acme")))
            .paused(Instant.ofEpochSecond(1), null, "ann", "maintenance");

    @RegisterExtension
    final CaughtWarnings warnings =
            CaughtWarnings.named(
                    "io.waybill.state.write.TransactionalWriter",
                    "io.waybill.runtime.thread.SideThread",
                    "org.apache.kafka.clients.producer",
                    "org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils");

    @TempDir
    private static Path directory;

    private static EmbeddedKafka kafka;
    private static ClientSettings settings;

    @BeforeAll
    static void start() throws Exception {
        kafka = new EmbeddedKafka(directory, 0, false);
        kafka.start();
        settings = new ClientSettings(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static Topics topics(String prefix) {
        Topics topics = Topics.from(
                new TopicSettings(prefix, 2, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
        try (Admin admin = Admin.create(settings.admin())) {
            new TopicCatalog(admin, (short) 1).createOrCheck(topics);
        }
        return topics;
    }

    /** As after a kill between the answer of a pause and the mark of its commit. */
    @Test
    void shouldNotTakeControlsForReadWhileATransactionIsOpen() throws Exception {
        Topics topics = topics("open.");
        List<ControlRecord> heard = new CopyOnWriteArrayList<>();
        try (var producer = new KafkaProducer<>(
                settings.transactionalProducer("open"), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(topics.controls().record(PAUSED.key(), PAUSED)).get();
            try (var follower = new ControlsFollower("test", settings, topics, (_, record) -> heard.add(record))) {
                follower.start();
                assertThat(follower.awaitRead(Duration.ofSeconds(3))).isFalse();

                producer.commitTransaction();

                assertThat(follower.awaitRead(Duration.ofSeconds(30))).isTrue();
                assertThat(heard).containsExactly(PAUSED);
            }
        }
    }

    @Test
    void shouldKeepTheErrorThatEndedAFollower() throws Exception {
        Topics topics = topics("error.");
        try (var producer = new KafkaProducer<>(
                settings.transactionalProducer("error"), new ByteArraySerializer(), new ByteArraySerializer());
                var follower = new ControlsFollower("test", settings, topics, (_, _) -> {
                    throw new StackOverflowError("a pause within a pause");
                })) {
            producer.initTransactions();
            producer.beginTransaction();
            var _ = producer.send(topics.controls().record(PAUSED.key(), PAUSED));
            producer.commitTransaction();
            follower.start();

            await("the fault").untilAsserted(() -> assertThat(follower.fault())
                    .hasValueSatisfying(fault -> assertThat(fault)
                            .startsWith("does not follow topic error.controls any more: ")));
        }
    }

    /** Otherwise readers of committed records would stand still until Kafka gives the transaction up. */
    @Test
    void shouldEndTheTransactionOfItsEarlierSelfAtTheStart() throws Exception {
        Topics topics = topics("earlier.");
        var partition = new TopicPartition(topics.controls().name(), 0);
        var killed = new KafkaProducer<>(
                settings.transactionalProducer("earlier.state-processor-one-requests"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        killed.initTransactions();
        killed.beginTransaction();
        killed.send(topics.controls().record(PAUSED.key(), PAUSED)).get();

        try (var consumer = new KafkaConsumer<>(
                settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var writer = TransactionalWriter.of(settings, topics, "earlier.", "one")) {
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 0L);
            writer.start(() -> {});
            await("the end of the transaction").until(() -> consumer.endOffsets(List.of(partition)).get(partition)
                    .equals(WrittenEnds.of(settings, List.of(partition)).get(partition)));
            writer.write(Change.of(PAUSED));
        } finally {
            killed.close(Duration.ZERO);
        }
    }

    /** To the producer of Kafka such a record is the end of its whole transaction. */
    @Test
    void shouldRefuseTheOneRequestThatIsTooLargeAndWriteTheOthersOnce() throws Exception {
        Topics topics = topics("large.");
        var cancel = new CancelRequested(
                new FileId("abcdefghijklmnopqrstuvwxyz"), Instant.EPOCH, 1, "ann", "not needed");
        var large = new Approval(
                "large", Instant.EPOCH, "ann", "x", "cancel", "x".repeat(2_000_000), 1, Instant.ofEpochSecond(9), null);
        int good = 100;
        try (var writer = TransactionalWriter.of(settings, topics, "large.", "one");
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            writer.start(() -> {});
            List<Future<?>> written = new ArrayList<>();
            List<Future<?>> refused = new ArrayList<>();
            for (int i = 0; i < good; i++) {
                written.add(callers.submit(() -> writer.write(Change.of(cancel))));
                if (i % 40 == 20) {
                    refused.add(callers.submit(() -> assertThatExceptionOfType(NotWrittenException.class)
                            .isThrownBy(() -> writer.write(Change.of(large)))
                            .withMessageContaining("the request was not written: ")
                            .withMessageContaining("max.request.size")));
                }
            }
            for (Future<?> one : written) {
                one.get();
            }
            for (Future<?> one : refused) {
                one.get();
            }
            assertThat(writer.failure()).isEmpty();
        }
        assertThat(count(topics.fileEvents().name(), 2)).isEqualTo(good);
        assertThat(count(topics.controls().name(), 1)).isZero();
    }

    /** Committed records. */
    private static int count(String topic, int partitions) {
        try (var consumer = new KafkaConsumer<>(
                settings.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            int count = 0;
            while (all.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                count += consumer.poll(Duration.ofSeconds(1)).count();
            }
            return count;
        }
    }

    /** 500 actions a second are asked for; a machine with other work has four times as long. */
    @Test
    void shouldWriteManyRequestsInFewTransactions() throws Exception {
        Topics topics = topics("many.");
        int requests = 4_000;
        try (var writer = TransactionalWriter.of(settings, topics, "many.", "one");
                ExecutorService callers = Executors.newFixedThreadPool(64, Thread.ofVirtual().factory())) {
            writer.start(() -> {});
            var cancel = new CancelRequested(
                    new FileId("abcdefghijklmnopqrstuvwxyz"), Instant.EPOCH, 1, "ann", "not needed");
            writer.write(Change.of(cancel));
            long began = System.nanoTime(); // allow clock: the test measures
            List<Future<?>> written = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                written.add(callers.submit(() -> writer.write(Change.of(cancel).with(List.of(PAUSED)))));
            }
            for (Future<?> one : written) {
                one.get();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - began); // allow clock: the test measures
            assertThat(took).as("time for " + requests + " requests").isLessThan(Duration.ofSeconds(32));
        }
    }
}
