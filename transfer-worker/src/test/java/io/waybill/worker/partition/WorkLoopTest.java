package io.waybill.worker.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Range;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.Works;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class WorkLoopTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Assignments.class, WorkLoop.class);

    private static final String TOPIC = "transfer-work";
    private static final TopicPartition ZERO = new TopicPartition(TOPIC, 0);
    private static final TopicPartition ONE = new TopicPartition(TOPIC, 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final List<Long> handled = new ArrayList<>();
    private final List<PartitionProgress> under = new ArrayList<>();
    private final List<Integer> ownedWhenSettled = new ArrayList<>();
    private final List<PartitionProgress> left = new ArrayList<>();
    private int span = 100;
    private boolean registryIsAway;
    private String endsAtOnce = "none";
    private final List<Duration> pauses = new ArrayList<>();
    private final Map<Integer, LedgerView> ledgers = new HashMap<>();
    private final LedgerLoader loader = new LedgerLoader((_, _) -> ledgers);
    private final Assignments assignments = new Assignments(
            consumer,
            consumer.groupMetadata(),
            loader,
            new FakeOwner(),
            WorkerMetrics.NONE,
            ProcessClock.of(InstantSource.fixed(Instant.EPOCH), () -> 0));
    private final WorkLoop loop = new WorkLoop(
            consumer,
            assignments,
            (record, progress) -> {
                if (registryIsAway) {
                    throw new TimeoutException("no answer");
                }
                handled.add(record.offset());
                under.add(progress);
                if (record.key() != null && endsAtOnce.equals(new String(record.key(), UTF_8))) {
                    progress.finish(List.of(record.offset()));
                }
            },
            () -> {},
            pauses::add);

    @BeforeEach
    void join() {
        consumer.subscribe(List.of(TOPIC), assignments);
        consumer.rebalance(List.of(ZERO, ONE));
        consumer.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 0L));
        stands(0, Position.at(0, "cluster", "topic"), Optional.empty());
        stands(1, Position.at(0, "cluster", "topic"), Optional.empty());
        assignments.onPartitionsAssigned(List.of(ZERO, ONE));
        loader.readRequested();
    }

    private void stands(int partition, Position position, Optional<String> hold) {
        ledgers.put(partition, new LedgerView(
                partition, Optional.of(position), Map.of(), new Bounds(0, 10), OptionalLong.empty(), hold));
    }

    private final class FakeOwner implements Assignments.Owner {
        @Override
        public PartitionProgress take(TopicPartition partition, LedgerView view) {
            Position position = view.position().orElseThrow();
            return new PartitionProgress(
                    partition, position.next(), position.done(), Works.ledger(view.marks()), new StagingTokens("p0"),
                    span);
        }

        @Override
        public boolean settle(Duration patience) {
            return ownedWhenSettled.add(assignments.ownership().partitions().size());
        }

        @Override
        public void leave(PartitionProgress progress) {
            left.add(progress);
        }
    }

    @Test
    void shouldHandOutEveryRecordOnce() throws InterruptedException {
        add(ZERO, 0, 1, 2);

        loop.turn();
        loop.turn();

        assertThat(handled).containsExactly(0L, 1L, 2L);
        assertThat(under).allMatch(progress -> assignments.ownership().includes(progress));
    }

    @Test
    void shouldTakeNothingNewWhileTheWorkerStops() throws InterruptedException {
        add(ZERO, 0);
        loop.turn();
        loop.turn();
        assertThat(handled).containsExactly(0L);
        add(ZERO, 1);

        loop.stay();
        loop.stay();

        assertThat(handled).containsExactly(0L);
        assertThat(consumer.paused()).containsExactlyInAnyOrder(ZERO, ONE);
        assertThat(assignments.ownership().partitions()).containsOnlyKeys(ZERO, ONE);
    }

    @Test
    void shouldLookRoundLessOftenWhileNothingIsUnderWay() throws InterruptedException {
        loop.turn();
        loop.turn();
        assertThat(consumer.lastPollTimeout()).isEqualTo(Duration.ofMillis(500));

        add(ZERO, 0);
        loop.turn();
        loop.turn();
        assertThat(consumer.lastPollTimeout()).isEqualTo(Duration.ofMillis(100));

        under.getFirst().finish(List.of(0L));
        loop.turn();
        assertThat(consumer.lastPollTimeout()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void shouldSoonSeeThatALedgerIsRead() throws InterruptedException {
        loop.turn();
        assignments.onPartitionsLost(List.of(ZERO));
        assignments.onPartitionsAssigned(List.of(ZERO));

        loop.turn();

        assertThat(consumer.lastPollTimeout()).isEqualTo(Duration.ofMillis(100));
    }

    /** A worker that ended because of it would end again after each start. */
    @Test
    void shouldReadARecordAgainThatTheRegistryDoesNotExplainNow() throws InterruptedException {
        registryIsAway = true;
        add(ZERO, 0, 1);
        loop.turn();
        assertThat(handled).isEmpty();
        assertThat(warnings.lines()).anyMatch(line -> line.contains("the schema registry gives no schema"));

        registryIsAway = false;
        loop.turn();
        loader.readRequested();
        add(ZERO, 0, 1);
        loop.turn();

        assertThat(handled).containsExactly(0L, 1L);
    }

    @Test
    void shouldReadAgainWhatItHeldBackOfAFullLane() throws InterruptedException {
        span = 4;
        add(ZERO, 0, 1, 2, 3, 4, 5);
        loop.turn();
        assertThat(handled).containsExactly(0L, 1L);

        under.getFirst().finish(List.of(0L));
        loop.turn();
        assertThat(consumer.position(ZERO)).isEqualTo(2);
        add(ZERO, 2, 3, 4, 5);
        loop.turn();

        assertThat(handled).containsExactly(0L, 1L, 2L);
        assertThat(consumer.position(ZERO)).isEqualTo(6);
    }

    @Test
    void shouldPauseAPartitionOfWhichTooMuchIsHeldBackAndResumeItLater() throws InterruptedException {
        endsAtOnce = "fast#0";
        for (int i = 0; i < PartitionProgress.MOST_PLACES + 10; i++) {
            addOf("stuck#0", 2L * i);
            addOf("fast#0", 2L * i + 1);
        }
        loop.turn();
        assertThat(consumer.paused()).containsExactly(ZERO);
        loop.turn();
        loop.turn();
        assertThat(pauses).hasSize(2);

        under.getFirst().finish(LongStream.range(0, 60).boxed().toList());
        loop.turn();
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void shouldTakeNothingFromAPartitionWhoseLedgerIsNotRead() throws InterruptedException {
        assignments.onPartitionsLost(List.of(ZERO));
        assignments.onPartitionsAssigned(List.of(ZERO));
        add(ZERO, 0);

        loop.turn();
        loop.turn();
        assertThat(handled).isEmpty();
        assertThat(assignments.ownership().partitions()).containsOnlyKeys(ONE);

        loader.readRequested();
        loop.turn();
        assertThat(handled).containsExactly(0L);
    }

    @Test
    void shouldBeginWhereTheLedgerSaysAndSkipWhatIsDone() throws InterruptedException {
        assignments.onPartitionsLost(List.of(ZERO));
        assignments.onPartitionsAssigned(List.of(ZERO));
        stands(0, new Position(1, List.of(new Range(2, 3)), "cluster", "topic"), Optional.empty());
        loader.readRequested();
        add(ZERO, 0, 1, 2, 3);

        loop.turn();
        loop.turn();

        assertThat(handled).containsExactly(1L, 3L);
    }

    @Test
    void shouldTakeNothingFromAPartitionOnHold() throws InterruptedException {
        assignments.onPartitionsLost(List.of(ZERO));
        assignments.onPartitionsAssigned(List.of(ZERO));
        stands(0, Position.at(0, "another cluster", "topic"), Optional.of("of another cluster"));
        loader.readRequested();
        add(ZERO, 0);

        loop.turn();

        assertThat(handled).isEmpty();
        assertThat(consumer.paused()).contains(ZERO);
        assertThat(assignments.ownership().partitions()).containsOnlyKeys(ONE);
    }

    @Test
    void shouldReadTheLedgersAgainWhenAnOutcomeIsUnknown() throws InterruptedException {
        add(ZERO, 0, 1);
        loop.turn();
        PartitionProgress before = under.getFirst();
        stands(0, Position.at(1, "cluster", "topic"), Optional.empty());

        loop.requestBeginAgain();
        loop.turn();
        assertThat(before.commits()).isFalse();
        assertThat(left).contains(before);
        assertThat(assignments.ownership().partitions()).isEmpty();
        loader.readRequested();
        add(ZERO, 0, 1);
        loop.turn();

        assertThat(handled).containsExactly(0L, 1L, 1L);
        assertThat(under.getLast()).isNotSameAs(before);
        assertThat(assignments.ownership().includes(under.getLast())).isTrue();
    }

    @Test
    void shouldReadTheLedgerAgainOfAPartitionForWhichNothingCanBeCommitted() throws InterruptedException {
        add(ZERO, 0, 1);
        loop.turn();
        PartitionProgress before = under.getFirst();
        stands(0, Position.at(1, "cluster", "topic"), Optional.empty());

        before.end();
        loop.turn();
        assertThat(left).contains(before);
        assertThat(assignments.ownership().partitions()).doesNotContainKey(ZERO);
        loader.readRequested();
        add(ZERO, 0, 1);
        loop.turn();

        assertThat(handled).containsExactly(0L, 1L, 1L);
        assertThat(assignments.ownership().includes(under.getLast())).isTrue();
    }

    @Test
    void shouldHoldAPartitionWhoseRecordsAreLostAndGoOnWithTheOthers() throws InterruptedException {
        add(ZERO, 0, 1);
        add(ONE, 0);
        loop.turn();
        PartitionProgress before = under.stream()
                .filter(progress -> progress.partition().equals(ZERO))
                .findFirst()
                .orElseThrow();
        stands(0, Position.at(2, "cluster", "topic"), Optional.of("its last records are lost"));

        consumer.setPollException(new OffsetOutOfRangeException(Map.of(ZERO, 2L)));
        loop.turn();
        add(ONE, 1, 2);
        loop.turn();
        loader.readRequested();
        loop.turn();

        assertThat(left).containsExactly(before);
        assertThat(handled).containsExactlyInAnyOrder(0L, 1L, 0L, 1L, 2L);
        assertThat(consumer.paused()).containsExactly(ZERO);
        assertThat(assignments.ownership().partitions()).containsOnlyKeys(ONE);
    }

    @Test
    void shouldGoOnFromThePositionWhereTheLedgerStillHasItAfterRecordsWereNotFound() throws InterruptedException {
        add(ZERO, 0, 1);
        loop.turn();
        stands(0, Position.at(1, "cluster", "topic"), Optional.empty());

        consumer.setPollException(new OffsetOutOfRangeException(Map.of(ZERO, 2L)));
        loop.turn();
        loop.turn();
        loader.readRequested();
        add(ZERO, 0, 1);
        loop.turn();

        assertThat(handled).containsExactly(0L, 1L, 1L);
    }

    @Test
    void shouldSettleBeforeItHandsAPartitionOver() throws InterruptedException {
        add(ZERO, 0);
        loop.turn();
        PartitionProgress handedOver = under.getFirst();

        assignments.onPartitionsRevoked(List.of(ZERO));

        assertThat(ownedWhenSettled).containsExactly(2);
        assertThat(handedOver.stands()).isFalse();
        assertThat(assignments.ownership().partitions()).containsOnlyKeys(ONE);
    }

    @Test
    void shouldNotSettleWhatIsLost() throws InterruptedException {
        add(ZERO, 0);
        loop.turn();

        assignments.onPartitionsLost(List.of(ZERO, ONE));

        assertThat(ownedWhenSettled).isEmpty();
        assertThat(under.getFirst().stands()).isFalse();
        assertThat(assignments.ownership().partitions()).isEmpty();
    }

    private void addOf(String lane, long offset) {
        consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, offset, lane.getBytes(UTF_8), new byte[0]));
    }

    private void add(TopicPartition partition, long... offsets) {
        for (long offset : offsets) {
            consumer.addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null));
        }
    }
}
