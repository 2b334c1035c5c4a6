package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Milestone;
import io.waybill.domain.NameFolding;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.TransferWork;
import io.waybill.worker.Works;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.LedgerUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** From records and intents to commit entries, with a deliverer that does as the test says, and commits that succeed at once. */
final class WorkItemsTest extends ItemsFixture {
    @Test
    void shouldReportTheBeginningAndTheDelivery() {
        deliverer.onDeliver = ItemsFixture::delivered;

        handle(record("acme#1", work));

        assertThat(events().getFirst())
                .isInstanceOfSatisfying(FileEvent.Started.class, s -> assertThat(s.by()).isEqualTo("worker-1"));
        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Completed.class, c -> assertThat(c.receipt()).isEqualTo(RECEIPT));
        assertThat(entries).extracting(CommitEntry::finished).containsExactly(OptionalLong.empty(), OptionalLong.of(7));
        assertThat(entries.getLast().update())
                .hasValue(LedgerUpdate.clear(work.id(), work.attempt().sending()));
    }

    @Test
    void shouldTellWhatWasDoneWhen() {
        deliverer.onDeliver = journal -> {
            journal.reached(Milestone.CONNECTED);
            return prepare(journal);
        };

        handle(record("acme#1", work));

        assertThat(events().getLast())
                .isInstanceOfSatisfying(FileEvent.Completed.class, c -> assertThat(c.milestones())
                        .isEqualTo(Map.of(
                                Milestone.RECEIVED, Instant.EPOCH,
                                Milestone.CONNECTED, Instant.EPOCH,
                                Milestone.PREPARED, Instant.EPOCH)));
    }

    @Test
    void shouldNotSayThatItBeganWhereTheDestinationIsNotToBeHad() {
        deliverer.onDeliver = _ -> new Outcome.Deferred(Instant.EPOCH.plusSeconds(5), NO);

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Deferred.class);
    }

    /** The store went away in the middle of an upload. */
    @Test
    void shouldRememberThePartOfAFileThatWasPutOffWhileItWasSent() {
        Staging left = leave(work);
        deliverer.onDeliver = journal -> {
            journal.reached(Milestone.CONNECTED);
            return new Outcome.Deferred(Instant.EPOCH.plusSeconds(5), NO, true, Optional.of(left()));
        };
        handle(record("acme#1", work));
        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Deferred.class);
        assertThat(progress.ledger().staging(work.id(), 1)).contains(left());

        deliverer.onDeliver = _ -> new Outcome.Deferred(Instant.EPOCH.plusSeconds(5), NO, true, Optional.empty());
        handle(record("acme#1", work));
        assertThat(progress.ledger().staging(work.id(), 1)).isEmpty();
        assertThat(left.staging()).isEqualTo(left().staging());
    }

    @Test
    void shouldSayOnceThatItBegan() {
        deliverer.onDeliver = journal -> {
            journal.reached(Milestone.CONNECTED);
            return prepare(journal);
        };

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
    }

    @Test
    void shouldReportAFailure() {
        deliverer.onDeliver = _ -> new Outcome.NotDelivered(NO);

        handle(record("acme#1", work));

        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Failed.class, f -> assertThat(f.failure()).isEqualTo(NO));
    }

    @Test
    void shouldReportAFaultOfItsOwnAsAFailureOfTheFile() {
        deliverer.onDeliver = _ -> {
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
        deliverer.onDeliver = this::prepare;

        handle(record("acme#1", work));

        assertThat(entries).extracting(CommitEntry::finished)
                .containsExactly(OptionalLong.empty(), OptionalLong.of(7), OptionalLong.of(7));
        assertThat(entries.get(1).update()).hasValue(LedgerUpdate.to(older));
    }

    @Test
    void shouldCommitNoIntentWhereTheProtocolHasNone() {
        deliverer.onDeliver = this::prepare;

        handle(record("acme#1", work), new CommitAfterRename());

        assertThat(entries).hasSize(2).allMatch(entry -> entry.update().isEmpty());
    }

    @Test
    void shouldLeaveWhatIsUndecidedUnresolved() {
        deliverer.onDeliver = _ -> new Outcome.Undecided(older, NO);

        handle(record("acme#1", work));

        assertThat(entries).isEmpty();
        assertThat(undecided).containsExactly(older);
    }

    @Test
    void shouldKeepWhatIsLeftForTheNextAttemptAndRemoveItAfterTheLast() {
        Staging left = left();
        deliverer.onDeliver = _ -> new Outcome.NotDelivered(new Failure(FailureKind.STALLED, ""), Optional.of(left));
        handle(record("acme#1", work));
        assertThat(entries.getLast().update()).hasValue(LedgerUpdate.to(left));
        assertThat(deliverer.discarded).isEmpty();

        deliverer.onDeliver = _ -> new Outcome.NotDelivered(NO, Optional.of(left));
        handle(record("acme#1", work));
        assertThat(deliverer.discarded).containsExactly(left);
        assertThat(entries.getLast().update())
                .hasValue(LedgerUpdate.clear(work.id(), work.attempt().sending()));
    }

    @Test
    void shouldResolveAnOlderIntentForThePathFirst() {
        under(older);
        deliverer.onResolve = _ -> new Outcome.NotDelivered(NO);
        deliverer.onDeliver = ItemsFixture::delivered;

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(
                FileEvent.Failed.class, FileEvent.Started.class, FileEvent.Completed.class);
        assertThat(events().getFirst().id()).isEqualTo(older.id());
    }

    @Test
    void shouldNotReplaceAFileWhoseNameDiffersOnlyInWhatTheServerFolds() {
        under(Works.intent("/A"), NameFolding.CASE);
        deliverer.onResolve = intent -> new Outcome.Delivered(new Receipt(
                intent.target().path(), 1, "00", Proof.SIZE, DestinationClass.ATOMIC_DURABLE, Duration.ZERO));
        deliverer.onDeliver = ItemsFixture::delivered;

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
        deliverer.onResolve = _ -> new Outcome.Delivered(RECEIPT);
        deliverer.onDeliver = ItemsFixture::delivered;

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(
                FileEvent.Completed.class, FileEvent.Started.class, FileEvent.Completed.class);
    }

    @Test
    void shouldTakeNamesForTwoWhereTheServerFoldsNothing() {
        under(Works.intent("/A"), NameFolding.NONE);
        deliverer.onDeliver = ItemsFixture::delivered;

        handle(record("acme#1", work));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
    }

    @Test
    void shouldPutOffAnItemWhoseOlderIntentCannotBeResolved() {
        under(older);
        deliverer.onResolve = intent -> new Outcome.Undecided(intent, NO);

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
        deliverer.onResolve = _ -> new Outcome.Delivered(RECEIPT);

        handle(record("acme#1", again));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Completed.class);
        assertThat(entries).extracting(CommitEntry::finished)
                .containsExactly(OptionalLong.empty(), OptionalLong.of(7));
    }

    @Test
    void shouldNotQueueAnIntentAgainAndAgainWhileItsLaneIsBusy() {
        under(older);
        deliverer.onResolve = intent -> new Outcome.Undecided(intent, NO);
        Queue<Runnable> begun = new ArrayDeque<>();
        WorkItems items = items(PublishProtocol.TWO_PHASE, Works.scheduler(1, begun::add));
        items.resolve(older, progress);
        items.resolve(older, progress);
        items.resolve(older, progress);

        runAll(begun);
        assertThat(deliverer.asked).containsExactly(older);

        items.resolve(older, progress);
        runAll(begun);
        assertThat(deliverer.asked).containsExactly(older, older);
    }

    private static void runAll(Queue<Runnable> begun) {
        while (!begun.isEmpty()) {
            begun.remove().run();
        }
    }

    @Test
    void shouldNotBeginWhatIsSomebodyElses() {
        progress.end();
        deliverer.onDeliver = ItemsFixture::delivered;

        handle(record("acme#1", work));

        assertThat(entries).isEmpty();
    }

    @Test
    void shouldPrepareNothingWhileItHandsOver() {
        deliverer.onDeliver = journal -> {
            progress.handOver();
            return prepare(journal);
        };

        handle(record("acme#1", work));

        assertThat(entries).hasSize(1);
    }

    @Test
    void shouldSayNothingMoreOfDroppedWork() {
        deliverer.onDeliver = journal -> {
            journal.reached(Milestone.CONNECTED);
            progress.end();
            return new Outcome.Dropped();
        };

        handle(record("acme#1", work));

        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().finished()).isEmpty();
    }

    @Test
    void shouldNotLeaveARecordUndoneThatNobodyElseHas() {
        deliverer.onDeliver = _ -> new Outcome.Dropped();

        handle(record("acme#1", work));

        assertThat(failed().kind()).isEqualTo(FailureKind.CONNECTION_LOST);
        assertThat(entries.getLast().finished()).isEqualTo(OptionalLong.of(7));
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

        assertThat(entries).extracting(CommitEntry::finished).containsOnly(OptionalLong.of(7));
        assertThat(entries)
                .flatExtracting(CommitEntry::records)
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

        assertThat(entries)
                .flatExtracting(CommitEntry::records)
                .singleElement()
                .satisfies(record -> assertThat(record.key().length + record.value().length)
                        .isLessThan(100_000));
    }
}
