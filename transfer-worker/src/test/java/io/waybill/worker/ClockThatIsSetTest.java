package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FailureKind;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.sftp.RemoteFiles;
import io.waybill.testkit.CaughtWarnings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker whose machine's clock is set back an hour, or forward a day, in the midst of its work. */
final class ClockThatIsSetTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Breaker.class);

    private static final DestinationName ACME = new DestinationName("acme");
    private static final TopicPartition PARTITION = new TopicPartition("transfer-work", 0);
    private static final Topics TOPICS = Topics.from(
            new TopicSettings("", 2, 2, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));

    private final HandClock time = new HandClock();
    private final PartitionProgress progress = new PartitionProgress(PARTITION);

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldCommitAsSoonAsEver(Duration set) throws Exception {
        progress.begin(0);
        var owned = new Ownership(Map.of(PARTITION, progress), new MockConsumer<>("earliest").groupMetadata());
        var committer = new Committer(
                new Transactor(
                        _ -> new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()),
                        new LedgerRecords(TOPICS, new Home("cluster", "topic")),
                        () -> false),
                () -> {
                    // While a transaction is made.
                    time.set(set);
                    return owned;
                },
                () -> {},
                Duration.ofMillis(1),
                WorkerMetrics.NONE,
                time);
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                committer.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < 3; i++) {
            Report report = Report.finishing(progress, OptionalLong.empty());
            committer.post(report);
            assertThat(committer.settle(Duration.ofSeconds(20))).isTrue();
            assertThat(report.committed()).isCompletedWithValue(true);
        }
        committer.stop();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldHandOverInTheTimeThatTheGroupWaits(Duration set) {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        var patience = new ArrayList<Duration>();
        var view = new LedgerView(
                0,
                Optional.of(Position.at(0, "cluster", "topic")),
                Map.of(),
                new Bounds(0, 0),
                OptionalLong.empty(),
                Optional.empty());
        var loader = new LedgerLoader((_, _) -> Map.of(0, view));
        var assignments = new Assignments(
                consumer, consumer.groupMetadata(), loader, new Assignments.Owner() {
                    @Override
                    public PartitionProgress take(TopicPartition partition, LedgerView read) {
                        return progress;
                    }

                    @Override
                    public boolean settle(Duration most) {
                        return patience.add(most);
                    }

                    @Override
                    public void leave(PartitionProgress left) {
                        time.set(set);
                    }
                }, WorkerMetrics.NONE, time);
        consumer.assign(List.of(PARTITION));
        assignments.onPartitionsAssigned(List.of(PARTITION));
        loader.readRequested();
        assignments.takeOver();
        time.set(set);

        assignments.onPartitionsRevoked(List.of(PARTITION));

        assertThat(patience).containsExactly(Assignments.HANDING_OVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldTryADestinationAgainWhenItsTimeHasCome(Duration set) throws Exception {
        var breaker = new Breaker(ACME, WorkerMetrics.NONE, time, new Random(1));
        assertDown(breaker);
        time.set(set);
        assertDown(breaker);

        time.pass(Duration.ofSeconds(6));

        try (RemoteFiles files = breaker.connect(FakeConnection::new, () -> 0)) {
            assertThat(files.isOpen()).isTrue();
        }
    }

    /** Whoever is turned away is told a time by the clock that he goes by. */
    private void assertDown(Breaker breaker) {
        assertThatExceptionOfType(DestinationDownException.class)
                .isThrownBy(() -> breaker.connect(() -> {
                    throw new TransferException(FailureKind.UNREACHABLE, "no route");
                }, () -> 0))
                .satisfies(e -> assertThat(e.until())
                        .isBetween(time.instant(), time.instant().plusSeconds(10)));
    }

    @Test
    void shouldNotForgetTheNewestVersionAtAPathBecauseTheClockIsADayAhead() {
        var swept = new ArrayList<Report>();
        var sweeper = new IndexSweeper(swept::add, time);
        Instant expires = time.instant().plus(Duration.ofHours(2));
        progress.marks().apply(IndexChange.to(
                new FileOutcome(Works.intent("/a").id(), 1, IndexEntry.Result.DELIVERED, expires)));

        time.set(Duration.ofHours(24));
        time.pass(Duration.ofMinutes(10));
        sweeper.handOut(List.of(progress));
        assertThat(swept).isEmpty();

        time.pass(Duration.ofHours(4));
        sweeper.handOut(List.of(progress));
        assertThat(swept).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldTrimSettleAndSweepWhenTheirTimeHasCome(Duration set) {
        var done = new ArrayList<String>();
        progress.readUpTo(5);
        progress.committed(progress.positionAfter(List.of(), new Home("cluster", "topic")));
        var trimmer = new Trimmer(
                (_, _) -> {
                    done.add("trimmed");
                    return CompletableFuture.completedFuture(null);
                },
                () -> List.of(progress),
                _ -> {},
                time);
        Prepared intent = Works.intent("/a");
        progress.marks().apply(MarkChange.to(intent));
        var settlements = new Settlements(time);
        settlements.add(intent, progress);
        settlements.handOut((_, _) -> done.add("settled"));
        settlements.add(intent, progress);
        time.set(set);

        trimmer.trim();
        settlements.handOut((_, _) -> done.add("settled too soon"));
        time.pass(Trimmer.PERIOD);
        trimmer.trim();
        settlements.handOut((_, _) -> done.add("settled again"));

        assertThat(done).containsExactly("settled", "trimmed", "settled again");
    }
}
