package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.NameFolding;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Step;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.worker.Experiment.Protocol;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** From records and intents to reports, with a courier that does as the test says, and commits that succeed at once. */
final class WorkItemsTest {
    private static final Receipt RECEIPT =
            new Receipt(new RemotePath("/a"), 1, "00", Proof.SIZE, DestinationClass.A, Duration.ZERO);
    private static final Failure NO = new Failure(FailureKind.FORBIDDEN, "no");

    private final Topics topics = Topics.from(
            new TopicSettings("waybill.", 3, 3, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final TransferWork work = Works.deliver(Works.object("a", new byte[1]), "/a");
    private final Prepared older = Works.intent("/a");
    private final List<Report> reports = new ArrayList<>();
    private final List<Prepared> undecided = new ArrayList<>();
    private final FakeCarrier carrier = new FakeCarrier();
    private PartitionProgress progress = new PartitionProgress(new TopicPartition("waybill.transfer-work", 0));

    @Test
    void shouldReportTheBeginningAndTheDelivery() {
        carrier.carried = _ -> new Outcome.Delivered(RECEIPT);

        handle(record("acme#1", work));

        assertThat(events().getFirst())
                .isInstanceOfSatisfying(FileEvent.Started.class, s -> assertThat(s.by()).isEqualTo("worker-1"));
        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Completed.class, c -> assertThat(c.receipt()).isEqualTo(RECEIPT));
        assertThat(reports).extracting(Report::finished).containsExactly(OptionalLong.empty(), OptionalLong.of(7));
        assertThat(reports.getLast().change())
                .hasValue(MarkChange.clear(work.id(), work.attempt().sending()));
    }

    @Test
    void shouldTellWhatWasDoneWhen() {
        carrier.carried = journal -> {
            journal.reached(Step.CONNECTED);
            return prepare(journal);
        };

        handle(record("acme#1", work));

        assertThat(events().getLast())
                .isInstanceOfSatisfying(FileEvent.Completed.class, c -> assertThat(c.steps())
                        .isEqualTo(Map.of(
                                Step.RECEIVED, Instant.EPOCH,
                                Step.CONNECTED, Instant.EPOCH,
                                Step.PREPARED, Instant.EPOCH)));
    }

    @Test
    void shouldReportAFailure() {
        carrier.carried = _ -> new Outcome.NotDelivered(NO);

        handle(record("acme#1", work));

        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Failed.class, f -> assertThat(f.failure()).isEqualTo(NO));
    }

    @Test
    void shouldReportAFaultOfItsOwnAsAFailureOfTheFile() {
        carrier.carried = _ -> {
            throw new IllegalStateException("a bug");
        };

        handle(record("acme#1", work));

        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Failed.class,
                        f -> assertThat(f.failure())
                                .isEqualTo(new Failure(
                                        FailureKind.INTERNAL, "java.lang.IllegalStateException: a bug")));
    }

    @Test
    void shouldFinishTheRecordWithTheIntent() {
        carrier.carried = this::prepare;

        handle(record("acme#1", work));

        assertThat(reports).extracting(Report::finished)
                .containsExactly(OptionalLong.empty(), OptionalLong.of(7), OptionalLong.of(7));
        assertThat(reports.get(1).change()).hasValue(MarkChange.to(older));
    }

    @Test
    void shouldCommitNoIntentWhereTheTestWantsTheOldWay() {
        carrier.carried = this::prepare;

        handle(record("acme#1", work), Protocol.COMMIT_AFTER_RENAME);

        assertThat(reports).hasSize(2).allMatch(report -> report.change().isEmpty());
    }

    @Test
    void shouldLeaveWhatIsUndecidedToTheSettlements() {
        carrier.carried = _ -> new Outcome.Undecided(older, NO);

        handle(record("acme#1", work));

        assertThat(reports).hasSize(1);
        assertThat(undecided).containsExactly(older);
    }

    @Test
    void shouldKeepWhatIsLeftForTheNextAttemptAndRemoveItAfterTheLast() {
        Staging left = left();
        carrier.carried = _ -> new Outcome.NotDelivered(new Failure(FailureKind.STALLED, ""), Optional.of(left));
        handle(record("acme#1", work));
        assertThat(reports.getLast().change()).hasValue(MarkChange.to(left));
        assertThat(carrier.discarded).isEmpty();

        carrier.carried = _ -> new Outcome.NotDelivered(NO, Optional.of(left));
        handle(record("acme#1", work));
        assertThat(carrier.discarded).containsExactly(left);
        assertThat(reports.getLast().change())
                .hasValue(MarkChange.clear(work.id(), work.attempt().sending()));
    }

    @Test
    void shouldSettleAnOlderIntentForThePathFirst() {
        under(older);
        carrier.settled = _ -> new Outcome.NotDelivered(NO);
        carrier.carried = _ -> new Outcome.Delivered(RECEIPT);

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(
                FileEvent.Failed.class, FileEvent.Started.class, FileEvent.Completed.class);
        assertThat(events().getFirst().id()).isEqualTo(older.id());
    }

    @Test
    void shouldNotReplaceAFileWhoseNameDiffersOnlyInWhatTheServerFolds() {
        under(Works.intent("/A"), NameFolding.CASE);
        carrier.settled = intent -> new Outcome.Delivered(new Receipt(
                intent.target().path(), 1, "00", Proof.SIZE, DestinationClass.A, Duration.ZERO));
        carrier.carried = _ -> new Outcome.Delivered(RECEIPT);

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Completed.class, FileEvent.Failed.class);
        assertThat(events().getLast()).isInstanceOfSatisfying(FileEvent.Failed.class, failed -> {
            assertThat(failed.id()).isEqualTo(work.id());
            assertThat(failed.failure().kind()).isEqualTo(FailureKind.NAME_CONFLICT);
            assertThat(failed.failure().detail()).contains("'/a' and '/A' for one name (foldNames: case)");
        });
    }

    @Test
    void shouldReplaceTheOlderVersionOfTheSameNameWhateverTheServerFolds() {
        under(older, NameFolding.BOTH);
        carrier.settled = _ -> new Outcome.Delivered(RECEIPT);
        carrier.carried = _ -> new Outcome.Delivered(RECEIPT);

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(
                FileEvent.Completed.class, FileEvent.Started.class, FileEvent.Completed.class);
    }

    @Test
    void shouldTakeNamesForTwoWhereTheServerFoldsNothing() {
        under(Works.intent("/A"), NameFolding.NONE);
        carrier.carried = _ -> new Outcome.Delivered(RECEIPT);

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
    }

    @Test
    void shouldPutOffAnItemWhoseOlderIntentCannotBeSettled() {
        under(older);
        carrier.settled = intent -> new Outcome.Undecided(intent, NO);

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Deferred.class);
        assertThat(undecided).containsExactly(older);
    }

    @Test
    void shouldNotSendAgainAFileWhoseOlderSendingWasDelivered() {
        TransferWork again = Works.again(older);
        under(older);
        carrier.settled = _ -> new Outcome.Delivered(RECEIPT);

        handle(record("acme#1", again));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Completed.class);
        assertThat(reports).extracting(Report::finished)
                .containsExactly(OptionalLong.empty(), OptionalLong.of(7));
    }

    @Test
    void shouldNotBeginWhatIsSomebodyElses() {
        progress.end();
        carrier.carried = _ -> new Outcome.Delivered(RECEIPT);

        handle(record("acme#1", work));

        assertThat(reports).isEmpty();
    }

    @Test
    void shouldPrepareNothingWhileItHandsOver() {
        carrier.carried = journal -> {
            progress.handOver();
            return prepare(journal);
        };

        handle(record("acme#1", work));

        assertThat(reports).hasSize(1);
    }

    @Test
    void shouldSayNothingMoreOfDroppedWork() {
        carrier.carried = _ -> new Outcome.Dropped();

        handle(record("acme#1", work));

        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().finished()).isEmpty();
    }

    @Test
    void shouldMakeADeadLetterOfWhatCannotBeRead() {
        handle(new ConsumerRecord<>("waybill.transfer-work", 0, 7, ascii("acme#1"), ascii("no avro")));
        handle(record("not a lane", work));

        assertThat(reports).extracting(Report::finished).containsOnly(OptionalLong.of(7));
        assertThat(reports)
                .flatExtracting(Report::records)
                .extracting(r -> topics.deadLetters().value().deserializer().deserialize(r.topic(), r.value()))
                .hasOnlyElementsOfType(DeadLetter.Poison.class)
                .first()
                .satisfies(letter -> {
                    var poison = (DeadLetter.Poison) letter;
                    assertThat(poison.origin()).isEqualTo("waybill.transfer-work-0@7");
                    assertThat(poison.value()).isEqualTo(ascii("no avro"));
                });
    }

    @Test
    void shouldFitALetterIntoARecordWhateverTheSizeOfItsKey() {
        handle(new ConsumerRecord<>("waybill.transfer-work", 0, 7, new byte[900_000], ascii("no avro")));

        assertThat(reports)
                .flatExtracting(Report::records)
                .singleElement()
                .satisfies(record -> assertThat(record.key().length + record.value().length)
                        .isLessThan(100_000));
    }

    /** A courier of few words. */
    private static final class FakeCarrier implements Carrier {
        private Function<Journal, Outcome> carried = _ -> new Outcome.Dropped();
        private Function<Prepared, Outcome> settled = _ -> new Outcome.Dropped();
        private final List<Staging> discarded = new ArrayList<>();

        @Override
        public Outcome carry(TransferWork work, Lane lane, Journal journal) {
            return carried.apply(journal);
        }

        @Override
        public Outcome settle(Prepared intent, OwnershipProof owner) {
            return settled.apply(intent);
        }

        @Override
        public boolean discard(Staging left) {
            return discarded.add(left);
        }

        @Override
        public int sweep(Lane lane, RemotePath directory, UnaryOperator<List<String>> dead) {
            return 0;
        }
    }

    private Outcome prepare(Journal journal) {
        try {
            journal.prepare(older);
            return new Outcome.Delivered(RECEIPT);
        } catch (MandateLostException e) {
            return new Outcome.Dropped();
        }
    }

    private void under(Prepared intent) {
        under(intent, NameFolding.NONE);
    }

    private void under(Prepared intent, NameFolding folding) {
        progress = new PartitionProgress(
                progress.partition(),
                0,
                List.of(),
                new Marks(Map.<String, LedgerMark>of(intent.key(), intent), _ -> folding),
                new Tokens("p0"));
    }

    private Staging left() {
        return new Staging(
                work.id(),
                work.attempt(),
                work.target(),
                1,
                new RemotePath("/.waybill/left"),
                9_000_000,
                "partner@127.0.0.1:22/",
                Instant.EPOCH);
    }

    private void handle(ConsumerRecord<byte[], byte[]> record) {
        handle(record, Protocol.TWO_PHASE);
    }

    private void handle(ConsumerRecord<byte[], byte[]> record, Protocol protocol) {
        var time = ProcessClock.of(InstantSource.fixed(Instant.EPOCH), () -> 0);
        var lanes = new Lanes(_ -> 1, Runnable::run);
        var janitor = new Janitor(carrier, lanes, this::commit, time);
        var executions = new Executions(
                topics,
                carrier,
                this::commit,
                (intent, _) -> undecided.add(intent),
                janitor,
                protocol,
                "worker-1",
                WorkerMetrics.NONE,
                time);
        new WorkItems(topics, lanes, executions, this::commit, time).handle(record, progress);
    }

    private void commit(Report report) {
        reports.add(report);
        report.change().ifPresent(progress.marks()::apply);
        report.committed().complete(true);
    }

    private List<FileEvent> events() {
        return reports.stream()
                .flatMap(report -> report.records().stream())
                .map(r -> topics.fileEvents().value().deserializer().deserialize(r.topic(), r.value()))
                .toList();
    }

    private ConsumerRecord<byte[], byte[]> record(String key, TransferWork value) {
        return new ConsumerRecord<>(
                topics.transferWork().name(),
                0,
                7,
                ascii(key),
                topics.transferWork().value().serializer().serialize(topics.transferWork().name(), value));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
