package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.devstack.servers.EmbeddedKafka;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.IndexEntry.Result;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.ledger.AdminFacts;
import io.waybill.runtime.ledger.DeliveryIndex;
import io.waybill.runtime.ledger.LedgerReading;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.FreePort;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes a partition over that has delivered many files, at a real broker. {@code -Dwaybill.index.entries=1000000} is the
 * long form.
 */
final class DeliveryIndexIT {
    private static final int ENTRIES = Integer.getInteger("waybill.index.entries", 20_000);
    private static final ProcessClock CLOCK = ProcessClock.system();
    private static final Instant EXPIRES = Instant.parse("2100-01-01T00:00:00Z");

    /** What the worker waits for one reading at most. */
    private static final Duration BOUND = Duration.ofSeconds(16);

    /** What an entry may cost in memory. */
    private static final int MOST_BYTES = 100;

    @TempDir
    private Path directory;

    private EmbeddedKafka kafka;
    private Topics topics;
    private AdminFacts facts;
    private Admin admin;
    private WorkerClients clients;

    @BeforeEach
    void start() throws Exception {
        kafka = new EmbeddedKafka(directory, FreePort.find(), false);
        kafka.start();
        WaybillConfig config = WaybillConfig.parse("test", """
                kafka: { bootstrap.servers: "%s" }
                schema.registry.url: http://unused
                topics: { prefix: "", filePartitions: 1, workPartitions: 1, replication: 1 }
                """.formatted(kafka.bootstrapServers()), Overrides.NONE, List.of(WorkerSettings.SECTION));
        topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
        clients = new WorkerClients(config);
        admin = clients.admin();
        var _ = new TopicCatalog(admin, (short) 1).createOrCheck(topics);
        facts = new AdminFacts(admin, topics, clients.group());
    }

    @AfterEach
    void stop() {
        admin.close();
        kafka.close();
    }

    @Test
    void shouldTakeAPartitionOverThatHasDeliveredManyFiles(TestReporter told) {
        try (Producer<byte[], byte[]> producer = clients.producer(0);
                Consumer<byte[], byte[]> consumer = clients.ledgerConsumer()) {
            producer.initTransactions();
            for (int first = 0; first < ENTRIES; first += 10_000) {
                write(producer, first, Math.min(ENTRIES, first + 10_000));
            }
            var reading = LedgerReading.withIndex(consumer, topics, facts, CLOCK);
            long before = heap();
            long worked = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Instant began = CLOCK.instant();

            // As the worker asks: a reading that is not at its end in time is gone on with.
            Map<Integer, LedgerView> views = Map.of();
            for (int tries = 0; views.isEmpty() && tries < 10; tries++) {
                views = reading.read(Set.of(0), BOUND);
            }

            Duration taken = Duration.between(began, CLOCK.instant());
            long work = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - worked;
            long bytes = heap() - before;
            DeliveryIndex index = views.get(0).index();
            told.publishEntry(Map.of(
                    "entries", Integer.toString(index.size()),
                    "milliseconds", Long.toString(taken.toMillis()),
                    "milliseconds of processor time", Long.toString(Duration.ofNanos(work).toMillis()),
                    "MiB", Long.toString(bytes >> 20)));
            // What it costs, and not what else this machine is busy with.
            assertThat(Duration.ofNanos(work)).isLessThan(BOUND);
            assertThat(index.size()).isEqualTo(ENTRIES);
            assertThat(index.outcomeOf(id(ENTRIES - 1))).contains(outcome(ENTRIES - 1));
            assertThat(index.newestAt(newest(0).key())).contains(newest(0));
            if (ENTRIES >= 1_000_000) {
                assertThat(bytes / ENTRIES).isLessThanOrEqualTo(MOST_BYTES);
            }
        }
    }

    private void write(Producer<byte[], byte[]> producer, int from, int to) {
        producer.beginTransaction();
        for (int number = from; number < to; number++) {
            IndexEntry entry = number % 2 == 0 ? newest(number) : outcome(number);
            ProducerRecord<byte[], byte[]> record = topics.deliveryIndex().record(entry.key(), entry);
            var _ = producer.send(new ProducerRecord<>(record.topic(), 0, record.key(), record.value()));
        }
        producer.commitTransaction();
    }

    private static NewestAtPath newest(int number) {
        var target = new Target(new DestinationName("acme"), new RemotePath("/in/" + number));
        var source = new SourceObject("outbound", "object-" + number, null, "etag", 1, Instant.EPOCH);
        return new NewestAtPath(IndexEntry.pathKey(target, source), id(number), Instant.EPOCH, EXPIRES);
    }

    private static FileOutcome outcome(int number) {
        return new FileOutcome(id(number), 1, Result.DELIVERED, EXPIRES);
    }

    private static FileId id(int number) {
        return FileId.of(new RouteName("invoices"), "outbound", "object-" + number, "v:1");
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
