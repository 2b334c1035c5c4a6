package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.devstack.servers.EmbeddedKafka;
import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.Target;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.ledger.AdminFacts;
import io.waybill.runtime.ledger.LedgerReading;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.TopicCatalog;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.FreePort;
import io.waybill.worker.commit.Committer;
import io.waybill.worker.commit.LedgerRecords;
import io.waybill.worker.commit.Transactor;
import io.waybill.worker.commit.Transactor.End;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.LedgerUpdate;
import io.waybill.worker.partition.Ownership;
import io.waybill.worker.partition.PartitionProgress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.internals.ConsumerCoordinator;
import org.apache.kafka.clients.consumer.internals.ConsumerHeartbeatRequestManager;
import org.apache.kafka.clients.consumer.internals.ConsumerMembershipManager;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A live worker that lost a partition tries all it can to commit for it, against a real broker. */
final class FencingIT {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Transactor.class, ConsumerCoordinator.class,
            ConsumerHeartbeatRequestManager.class, ConsumerMembershipManager.class);

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final RouteName ROUTE = new RouteName("invoices");
    private static final ProcessClock CLOCK = ProcessClock.system();

    @TempDir
    private Path directory;

    private EmbeddedKafka kafka;
    private Topics topics;
    private AdminFacts facts;
    private Admin admin;
    private WorkerClients former;
    private WorkerClients next;

    @AfterEach
    void stop() {
        admin.close();
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void shouldRefuseWhoeverLostThePartition(String protocol) throws Exception {
        start(protocol);
        var partition = new TopicPartition(topics.transferWork().name(), 0);
        try (Consumer<byte[], byte[]> loser = former.consumer();
                Consumer<byte[], byte[]> winner = next.consumer();
                Transactor transactor = transactor(former)) {
            transactor.open();
            ConsumerGroupMetadata ownedUnder = joined(loser);
            var progress = new PartitionProgress(partition);
            progress.begin(0);
            var owned = new Ownership(Map.of(partition, progress), ownedUnder);
            assertThat(transactor.transact(List.of(intent(progress, "/first")), owned)).isEqualTo(End.COMMITTED);

            // The loser lives, sends heartbeats, and does not poll: somebody else is given its partition.
            joined(winner);

            assertThat(transactor.transact(List.of(intent(progress, "/late")), owned)).isNotEqualTo(End.COMMITTED);
            assertThat(prepared()).containsExactly("/first");
            // It comes back, knows its new place in the group, and still has what it prepared when it owned the partition.
            loser.poll(Duration.ofMillis(500));
            assertThat(committed(progress, new Ownership(Map.of(), loser.groupMetadata()))).isFalse();
            assertThat(prepared()).containsExactly("/first");
        }
    }

    @Test
    void shouldEndTheElderOfTwoWorkersOfOneNameAndLetTheYoungerGoOn() throws Exception {
        start("consumer");
        try (Consumer<byte[], byte[]> consumer = former.consumer();
                Transactor elder = guarded();
                Transactor younger = guarded()) {
            var progress = new PartitionProgress(new TopicPartition(topics.transferWork().name(), 0));
            var owned = new Ownership(Map.of(progress.partition(), progress), joined(consumer));
            elder.open();
            assertThat(elder.transact(List.of(intent(progress, "/first")), owned)).isEqualTo(End.COMMITTED);
            younger.open();

            assertThatExceptionOfType(BadConfigurationException.class)
                    .isThrownBy(() -> {
                        for (int i = 0; i < 4; i++) {
                            // Who does not poll loses what it owns.
                            consumer.poll(Duration.ofMillis(10));
                            elder.transact(List.of(intent(progress, "/elder")), owned);
                            younger.transact(List.of(intent(progress, "/younger")), owned);
                        }
                    })
                    .withMessageStartingWith("worker.id");

            younger.transact(List.of(intent(progress, "/younger")), owned);
            for (int i = 0; i < 4; i++) {
                consumer.poll(Duration.ofMillis(10));
                assertThat(younger.transact(List.of(intent(progress, "/on")), owned)).isEqualTo(End.COMMITTED);
            }
        }
    }

    private Transactor guarded() {
        return new Transactor(
                former::producer,
                new LedgerRecords(topics, facts.home()),
                () -> false,
                former.fencing(ProcessClock.system()));
    }

    /** What an execution is told that asks for its intent to be committed. */
    private boolean committed(PartitionProgress progress, Ownership owned) throws InterruptedException {
        CommitEntry entry = intent(progress, "/later");
        var committer = new Committer(
                transactor(former), () -> owned, () -> {}, Duration.ofMillis(1), WorkerMetrics.NONE, CLOCK);
        committer.post(entry);
        // A committer that is stopped commits what is posted, and ends.
        committer.stop();
        committer.run();
        return entry.committed().join();
    }

    private static CommitEntry intent(PartitionProgress progress, String path) {
        return CommitEntry.marking(progress, OptionalLong.of(0), LedgerUpdate.to(new Prepared(
                FileId.of(ROUTE, "outbound", path, "v:1"),
                ROUTE,
                Attempt.FIRST,
                new Target(new DestinationName("acme"), new RemotePath(path)),
                0,
                ConflictPolicy.REPLACE,
                new RemotePath("/.waybill/staged"),
                3,
                "00",
                Proof.SIZE,
                DestinationClass.ATOMIC_DURABLE,
                OptionalLong.empty(),
                "partner@127.0.0.1:22/",
                "SHA256:of-the-server",
                Instant.EPOCH,
                Duration.ZERO)));
    }

    private Set<String> prepared() {
        try (Consumer<byte[], byte[]> reader = next.ledgerConsumer()) {
            LedgerView view = new LedgerReading(reader, topics, facts, CLOCK).read(Set.of(0)).get(0);
            var paths = new HashSet<String>();
            view.prepared().forEach(mark -> paths.add(mark.target().path().value()));
            return paths;
        }
    }

    /** Polls until the group gives a partition. */
    private ConsumerGroupMetadata joined(Consumer<byte[], byte[]> consumer) {
        consumer.subscribe(List.of(topics.transferWork().name()), new Paused(consumer));
        Instant latest = CLOCK.instant().plus(LIMIT);
        while (consumer.assignment().isEmpty()) {
            assertThat(CLOCK.instant()).as("a partition is assigned").isBefore(latest);
            consumer.poll(Duration.ofMillis(200));
        }
        return consumer.groupMetadata();
    }

    /** Fetches nothing. */
    private record Paused(Consumer<byte[], byte[]> consumer) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.seekToBeginning(partitions);
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // Nothing to hand over.
        }
    }

    private Transactor transactor(WorkerClients clients) {
        return new Transactor(
                clients::producer, new LedgerRecords(topics, facts.home()), () -> false);
    }

    private void start(String protocol) throws Exception {
        kafka = new EmbeddedKafka(directory, FreePort.find(), false);
        kafka.start();
        WaybillConfig config = config("former", protocol);
        topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
        former = new WorkerClients(config);
        next = new WorkerClients(config("next", protocol));
        admin = former.admin();
        var _ = new TopicCatalog(admin, (short) 1).createOrCheck(topics);
        facts = new AdminFacts(admin, topics, former.group());
    }

    private WaybillConfig config(String worker, String protocol) {
        // Who does not poll for two seconds loses what it owns; its heartbeats go on.
        return WaybillConfig.parse("test", """
                kafka:
                  bootstrap.servers: "%s"
                  group.protocol: %s
                  max.poll.interval.ms: 2000
                schema.registry.url: http://unused
                topics: { prefix: "", filePartitions: 1, workPartitions: 1, replication: 1 }
                worker: { id: %s }
                """.formatted(kafka.bootstrapServers(), protocol, worker),
                Overrides.NONE,
                List.of(WorkerSettings.SECTION));
    }
}
