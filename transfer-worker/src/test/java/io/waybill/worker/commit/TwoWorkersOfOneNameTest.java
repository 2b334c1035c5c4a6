package io.waybill.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.kafka.FencingGuard;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.service.ExitCode;
import io.waybill.runtime.service.Health;
import io.waybill.runtime.service.Service;
import io.waybill.runtime.service.ServiceRunner;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.commit.Transactor.End;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.Ownership;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that were given one {@code worker.id}, and so have one pair of transactional ids. */
final class TwoWorkersOfOneNameTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Transactor.class, ServiceRunner.class);

    private static final Topics TOPICS = Topics.from(
            new TopicSettings("", 2, 2, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));

    private final Map<Integer, MockProducer<byte[], byte[]>> last = new HashMap<>();
    private long nanos;
    private boolean pauses;

    @Test
    void shouldEndTheElderAndSayWhichKeyToChangeWhileTheYoungerGoesOn() {
        Transactor elder = worker();
        elder.open();
        assertThat(commit(elder)).isEqualTo(End.COMMITTED);
        Transactor younger = worker();
        younger.open();

        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        commit(elder);
                        commit(younger);
                    }
                })
                .withMessageStartingWith("worker.id: another process runs with 'worker-1' as well");

        commit(younger);
        for (int i = 0; i < 10; i++) {
            assertThat(commit(younger)).isEqualTo(End.COMMITTED);
        }
    }

    @Test
    void shouldEndWithOneLineOfTheLogAndTheExitCodeOfABadConfiguration() throws Exception {
        var taken = new BadConfigurationException(List.of("worker.id: another process runs with 'worker-1' as well"));
        var runner = new ServiceRunner(List.of(new Stopped(taken)), Duration.ofSeconds(20));

        ExitCode end = runner.run();

        assertThat(end.number()).isEqualTo(2);
        assertThat(warnings.lines())
                .containsExactly("A service cannot run with its configuration; the process ends service=transfer-worker"
                        + " problems=" + taken.problems());
        assertThat(warnings.traces()).isZero();
    }

    /** A service as the worker ends: its threads' failures come wrapped. */
    private record Stopped(RuntimeException cause) implements Service {
        @Override
        public String name() {
            return "transfer-worker";
        }

        @Override
        public void run() {
            throw new IllegalStateException("transfer-worker stopped: " + cause, cause);
        }

        @Override
        public Health check() {
            return Health.UP;
        }

        @Override
        public void close() {
            // It has ended.
        }
    }

    @Test
    void shouldLeaveOneOfManyWorkersOfOneName() {
        List<Transactor> alive = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            alive.add(worker());
            alive.getLast().open();
        }

        for (int i = 0; i < 20; i++) {
            alive.removeIf(TwoWorkersOfOneNameTest::ends);
        }

        assertThat(alive).singleElement().satisfies(one -> assertThat(commit(one)).isEqualTo(End.COMMITTED));
    }

    @Test
    void shouldTakeOverFromADeadWorkerOfTheSameNameAtOnce() {
        worker().open();
        Transactor restarted = worker();
        restarted.open();

        for (int i = 0; i < 10; i++) {
            assertThat(commit(restarted)).isEqualTo(End.COMMITTED);
        }
    }

    @Test
    void shouldNotTakeAPauseThatOutlivedItsTransactionForAnotherWorker() {
        Transactor paused = worker();
        paused.open();
        for (int i = 0; i < 5; i++) {
            pauses = true;
            assertThat(commit(paused)).isEqualTo(End.UNKNOWN);
            assertThat(commit(paused)).isEqualTo(End.COMMITTED);
        }
    }

    private Transactor worker() {
        var guard = new FencingGuard(
                "worker.id", "worker-1", Duration.ofSeconds(10), ProcessClock.of(() -> Instant.EPOCH, () -> nanos));
        return new Transactor(
                this::producer, new LedgerRecords(TOPICS, new Home("cluster", "topic")), () -> false,
                guard);
    }

    /** As the coordinator does it: the latest producer of an id fences the one before. */
    private Producer<byte[], byte[]> producer(int number) {
        var producer = new MockProducer<byte[], byte[]>(
                true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public void commitTransaction() {
                if (pauses) {
                    // The coordinator ends a transaction that is open for too long, and fences who began it.
                    pauses = false;
                    nanos += Duration.ofSeconds(11).toNanos();
                    fenceProducer();
                }
                super.commitTransaction();
            }
        };
        MockProducer<byte[], byte[]> before = last.put(number, producer);
        if (before != null && !before.closed()) {
            before.fenceProducer();
        }
        return producer;
    }

    private static boolean ends(Transactor transactor) {
        try {
            commit(transactor);
            return false;
        } catch (BadConfigurationException e) {
            return true;
        }
    }

    private static End commit(Transactor transactor) {
        var progress = new PartitionProgress(new TopicPartition("transfer-work", 0));
        var owned = new Ownership(
                Map.of(progress.partition(), progress), new MockConsumer<>("earliest").groupMetadata());
        return transactor.transact(List.of(CommitEntry.finishing(progress, OptionalLong.empty())), owned);
    }
}
