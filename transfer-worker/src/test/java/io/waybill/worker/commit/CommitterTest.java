package io.waybill.worker.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.Result;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Range;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.HandClock;
import io.waybill.worker.Works;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.IndexUpdate;
import io.waybill.worker.partition.LedgerUpdate;
import io.waybill.worker.partition.Ownership;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class CommitterTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Transactor.class, Committer.class);

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ConsumerGroupMetadata GROUP = new MockConsumer<>("earliest").groupMetadata();
    private static final Home HOME = new Home("cluster", "topic");
    private static final Topics TOPICS = Topics.from(
            new TopicSettings("", 2, 2, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    private static final TopicPartition ZERO = new TopicPartition("transfer-work", 0);
    private static final TopicPartition ONE = new TopicPartition("transfer-work", 1);

    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private MockProducer<byte[], byte[]> prepared;
    private final AtomicReference<Ownership> ownership = new AtomicReference<>();
    private final AtomicInteger beginnings = new AtomicInteger();
    private final PartitionProgress zero = new PartitionProgress(ZERO);
    private final PartitionProgress one = new PartitionProgress(ONE);
    private final Committer committer = new Committer(
            new Transactor(this::producer, new LedgerRecords(TOPICS, HOME), () -> false),
            ownership::get,
            beginnings::incrementAndGet,
            Duration.ofMillis(2),
            WorkerMetrics.NONE,
            ProcessClock.system());
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private Thread thread = new Thread(() -> {});

    @AfterEach
    void stop() throws Exception {
        committer.stop();
        thread.join(PATIENCE);
        assertThat(failure.get()).isNull();
    }

    @Test
    void shouldCommitEntriesTogetherWithThePosition() {
        own(zero);
        zero.begin(5);
        zero.begin(6);
        zero.begin(7);

        committer.post(CommitEntry.underWay(zero, record("started")));
        committer.post(CommitEntry.done(zero, OptionalLong.of(5), record("five")));
        committer.post(CommitEntry.done(zero, OptionalLong.of(7), record("seven")));
        settle();

        assertThat(told()).containsExactly("started", "five", "seven");
        assertThat(committed(ZERO)).isEqualTo(6);
        assertThat(position(0)).isEqualTo(new Position(6, List.of(new Range(7, 8)), "cluster", "topic"));
        assertThat(zero.committedPosition()).isEqualTo(6);
    }

    @Test
    void shouldWriteMarksIntoTheLedgerBeforeTheOffsetsAreSent() throws Exception {
        own(zero);
        zero.begin(5);
        CommitEntry entry = CommitEntry.marking(zero, OptionalLong.of(5), LedgerUpdate.to(Works.intent("/a")));

        committer.post(entry);
        settle();

        assertThat(entry.committed()).isCompletedWithValue(true);
        assertThat(zero.ledger().prepared()).containsExactly(Works.intent("/a"));
        assertThat(producers.getFirst().history()).extracting(ProducerRecord::topic).containsOnly("transfer-ledger");
        assertThat(producers.getFirst().history()).extracting(ProducerRecord::partition).containsOnly(0);
        assertThat(position(0).next()).isEqualTo(6);
    }

    @Test
    void shouldRememberADeliveryInTheTransactionThatTellsIt() {
        own(one);
        one.begin(5);
        FileOutcome delivered = outcome("/a", NOON);

        committer.post(
                CommitEntry.done(one, OptionalLong.of(5), record("five")).with(List.of(IndexUpdate.to(delivered))));
        assertThat(one.ledger().index().size()).isZero();
        settle();

        assertThat(one.ledger().index().outcomeOf(delivered.id())).contains(delivered);
        assertThat(indexRecords()).singleElement().satisfies(record -> {
            assertThat(record.partition()).isEqualTo(1);
            assertThat(new String(record.key(), UTF_8)).isEqualTo(delivered.key());
        });
        assertThat(producers).extracting(MockProducer::commitCount).containsExactly(1L, 0L);
    }

    @Test
    void shouldForgetWhatHasExpiredButNotWhatIsRenewedMeanwhile() {
        own(one);
        one.begin(5);
        FileOutcome old = outcome("/a", NOON);
        FileOutcome renewed = outcome("/b", NOON);
        FileOutcome lasting = outcome("/c", NOON.plusSeconds(2));
        List.of(old, renewed, lasting).forEach(entry -> one.ledger().apply(IndexUpdate.to(entry)));
        FileOutcome again = outcome("/b", NOON.plusSeconds(9));
        Instant now = NOON.plusSeconds(1);
        assertThat(one.ledger().index().expiredAhead(now)).isTrue();

        committer.post(CommitEntry.indexing(one, IndexUpdate.to(again)));
        committer.post(CommitEntry.sweeping(one, now));
        settle();

        assertThat(one.ledger().index().outcomeOf(old.id())).isEmpty();
        assertThat(one.ledger().index().outcomeOf(again.id())).contains(again);
        assertThat(one.ledger().index().outcomeOf(lasting.id())).contains(lasting);
        assertThat(indexRecords().getLast().value()).isNotNull();
        assertThat(indexRecords()).filteredOn(record -> record.value() == null)
                .extracting(record -> new String(record.key(), UTF_8))
                .contains(old.key());
    }

    private static FileOutcome outcome(String path, Instant expires) {
        return new FileOutcome(Works.intent(path).id(), 1, Result.DELIVERED, expires);
    }

    private List<ProducerRecord<byte[], byte[]>> indexRecords() {
        return producers.stream()
                .flatMap(producer -> producer.history().stream())
                .filter(record -> record.topic().equals("delivery-index"))
                .toList();
    }

    @Test
    void shouldUseProducersInTurn() {
        own(zero);
        zero.begin(5);
        committer.post(CommitEntry.done(zero, OptionalLong.of(5), record("five")));
        settle();
        zero.begin(6);
        committer.post(CommitEntry.done(zero, OptionalLong.of(6), record("six")));
        assertThat(committer.settle(PATIENCE)).isTrue();

        assertThat(told()).containsExactly("five", "six");
        assertThat(producers).hasSize(2).allMatch(producer -> producer.commitCount() == 1);
    }

    @Test
    void shouldNotTakeForCommittedWhatAnAbortedTransactionSaid() {
        own(zero);
        zero.begin(5);
        zero.readUpTo(9);
        committer.post(CommitEntry.done(zero, OptionalLong.of(5), record("five")));
        new FailingOnce().everything(new ProducerFencedException("somebody has our id"));

        settle();

        assertThat(zero.committedPosition()).isZero();
    }

    @Test
    void shouldDropWhatBelongsToAnAssignmentOfThePast() {
        var before = new PartitionProgress(ZERO);
        before.begin(5);
        own(zero);
        zero.begin(5);
        one.begin(1);

        committer.post(CommitEntry.done(before, OptionalLong.of(5), record("of an earlier assignment")));
        committer.post(CommitEntry.done(one, OptionalLong.of(1), record("of a partition that is another's")));
        committer.post(CommitEntry.done(zero, OptionalLong.of(5), record("ours")));
        settle();

        assertThat(told()).containsExactly("ours");
        assertThat(committed(ZERO)).isEqualTo(6);
    }

    @Test
    void shouldTryAgainWhatWasAborted() {
        own(zero);
        zero.begin(5);
        committer.post(CommitEntry.done(zero, OptionalLong.of(5), record("five")));
        new FailingOnce().sendOffsets(new KafkaException("the group's metadata is out of date"));

        settle();

        assertThat(told()).containsExactly("five");
        assertThat(committed(ZERO)).isEqualTo(6);
        assertThat(beginnings).hasValue(0);
        assertThat(producers).hasSize(2);
    }

    @Test
    void shouldCommitForOtherPartitionsWhenTheLedgerOfOneCannotBeWritten() throws Exception {
        own(zero, one);
        zero.begin(5);
        one.begin(6);
        var clock = new HandClock();
        var apart = new Committer(
                new Transactor(
                        _ -> {
                            var producer = new ProducerWithoutPartitionZero(clock);
                            producers.add(producer);
                            return producer;
                        },
                        new LedgerRecords(TOPICS, HOME),
                        () -> false),
                ownership::get,
                beginnings::incrementAndGet,
                Duration.ofMillis(2),
                WorkerMetrics.NONE,
                _ -> {},
                clock);
        CommitEntry stuck = CommitEntry.done(zero, OptionalLong.of(5), record("zero"));
        CommitEntry good = CommitEntry.done(one, OptionalLong.of(6), record("one"));
        settle();
        apart.post(stuck);
        apart.post(good);
        apart.stop();
        apart.run();

        assertThat(good.committed()).isCompletedWithValue(true);
        assertThat(stuck.committed()).isCompletedWithValue(false);
        assertThat(one.commits()).isTrue();
        assertThat(zero.commits()).isFalse();
        assertThat(told()).containsExactly("one");
        assertThat(beginnings).hasValue(0);
    }

    @Test
    void shouldBeginAgainWithANewProducerWhenTheOutcomeIsUnknown() {
        own(zero);
        zero.begin(5);
        CommitEntry entry = CommitEntry.marking(zero, OptionalLong.of(5), LedgerUpdate.to(Works.intent("/a")));
        committer.post(entry);
        new FailingOnce().everything(new ProducerFencedException("somebody has our id"));

        settle();

        assertThat(entry.committed()).isCompletedWithValue(false);
        assertThat(zero.ledger().prepared()).isEmpty();
        assertThat(producers).hasSize(3);
        assertThat(producers.getFirst().closed()).isTrue();
        assertThat(beginnings).hasValue(1);
        assertThat(zero.stands()).isFalse();
    }

    @Test
    void shouldCommitNothingBetweenAnUnknownOutcomeAndTheNewBeginning() {
        own(zero);
        zero.begin(5);
        zero.begin(6);
        committer.post(CommitEntry.done(zero, OptionalLong.of(5), record("five")));
        new FailingOnce().everything(new ProducerFencedException("somebody has our id"));
        settle();

        committer.post(CommitEntry.done(zero, OptionalLong.of(6), record("six")));
        assertThat(committer.settle(PATIENCE)).isTrue();

        assertThat(producers.subList(1, 3)).allMatch(producer -> producer.history().isEmpty());
    }

    private void own(PartitionProgress... owned) {
        var partitions = new HashMap<TopicPartition, PartitionProgress>();
        for (PartitionProgress progress : owned) {
            partitions.put(progress.partition(), progress);
        }
        ownership.set(new Ownership(partitions, GROUP));
    }

    private void settle() {
        thread = Thread.ofVirtual().uncaughtExceptionHandler((_, e) -> failure.set(e)).start(() -> {
            try {
                committer.run();
            } catch (InterruptedException e) {
                failure.set(e);
            }
        });
        assertThat(committer.settle(PATIENCE)).isTrue();
    }

    private MockProducer<byte[], byte[]> producer(int number) {
        if (prepared != null && producers.isEmpty()) {
            producers.add(prepared);
            return prepared;
        }
        producers.add(new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()));
        return producers.getLast();
    }

    /** A producer that fails as told, until its transaction is aborted. */
    private final class FailingOnce extends MockProducer<byte[], byte[]> {
        FailingOnce() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            prepared = this;
        }

        void sendOffsets(RuntimeException failureOfOffsets) {
            sendOffsetsToTransactionException = failureOfOffsets;
        }

        void everything(RuntimeException fatal) {
            commitTransactionException = fatal;
            abortTransactionException = fatal;
        }

        @Override
        public void abortTransaction() {
            sendOffsetsToTransactionException = null;
            super.abortTransaction();
        }
    }

    private List<String> told() {
        return producers.stream()
                .flatMap(producer -> producer.history().stream())
                .filter(record -> record.topic().equals("file-events"))
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private Position position(int partition) {
        List<Position> positions = producers.stream()
                .flatMap(producer -> producer.history().stream())
                .filter(record -> record.topic().equals("transfer-ledger") && record.partition() == partition)
                .map(record -> TOPICS.transferLedger().value().deserializer().deserialize(
                        record.topic(), record.value()))
                .filter(Position.class::isInstance)
                .map(Position.class::cast)
                .toList();
        return positions.getLast();
    }

    private long committed(TopicPartition partition) {
        return producers.stream()
                .flatMap(producer -> producer.consumerGroupOffsetsHistory().stream())
                .mapToLong(offsets -> offsets.get(GROUP.groupId()).get(partition).offset())
                .max()
                .orElseThrow();
    }

    private static ProducerRecord<byte[], byte[]> record(String text) {
        return new ProducerRecord<>("file-events", text.getBytes(UTF_8));
    }
}
