package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.NameFolding;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.Step;
import io.waybill.domain.TransferWork;
import io.waybill.worker.Works;
import io.waybill.worker.partition.MarkChange;
import io.waybill.worker.partition.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** From records and intents to reports, with a courier that does as the test says, and commits that succeed at once. */
final class WorkItemsTest extends ItemsFixture {
    @Test
    void shouldReportTheBeginningAndTheDelivery() {
        carrier.carried = ItemsFixture::delivered;

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
    void shouldNotSayThatItBeganWhereTheDestinationIsNotToBeHad() {
        carrier.carried = _ -> new Outcome.Deferred(Instant.EPOCH.plusSeconds(5), NO);

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Deferred.class);
    }

    @Test
    void shouldSayOnceThatItBegan() {
        carrier.carried = journal -> {
            journal.reached(Step.CONNECTED);
            return prepare(journal);
        };

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
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
        assertThat(warnings.lines())
                .first()
                .asString()
                .contains("An execution hit a fault of Waybill", "fileId=" + work.id(), "destination=acme");
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

        assertThat(reports).isEmpty();
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
        carrier.carried = ItemsFixture::delivered;

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
        carrier.carried = ItemsFixture::delivered;

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
        carrier.carried = ItemsFixture::delivered;

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(
                FileEvent.Completed.class, FileEvent.Started.class, FileEvent.Completed.class);
    }

    @Test
    void shouldTakeNamesForTwoWhereTheServerFoldsNothing() {
        under(Works.intent("/A"), NameFolding.NONE);
        carrier.carried = ItemsFixture::delivered;

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
    }

    @Test
    void shouldPutOffAnItemWhoseOlderIntentCannotBeSettled() {
        under(older);
        carrier.settled = intent -> new Outcome.Undecided(intent, NO);

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Deferred.class);
        assertThat(events().getLast())
                .isInstanceOfSatisfying(FileEvent.Deferred.class, deferred -> {
                    assertThat(deferred.reason().kind()).isEqualTo(NO.kind());
                    assertThat(deferred.reason().detail())
                            .contains("an older transfer to '/a'", "is undecided", NO.detail());
                });
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
        carrier.carried = ItemsFixture::delivered;

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
        carrier.carried = journal -> {
            journal.reached(Step.CONNECTED);
            progress.end();
            return new Outcome.Dropped();
        };

        handle(record("acme#1", work));

        assertThat(reports).hasSize(1);
        assertThat(reports.getFirst().finished()).isEmpty();
    }

    @Test
    void shouldNotLeaveARecordUndoneThatNobodyElseHas() {
        carrier.carried = _ -> new Outcome.Dropped();

        handle(record("acme#1", work));

        assertThat(failed().kind()).isEqualTo(FailureKind.CONNECTION_LOST);
        assertThat(reports.getLast().finished()).isEqualTo(OptionalLong.of(7));
    }

    @Test
    void shouldGoOnWhenAnItemHitsAFaultOfOursBeforeItBegins() {
        versions = (_, _) -> {
            throw new IllegalStateException("no code foresaw this");
        };
        TransferWork again = again(version("v1", Instant.EPOCH), 0);

        handle(again);

        assertThat(failed().kind()).isEqualTo(FailureKind.INTERNAL);
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
}
