package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Control;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.IndexEntry.Result;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.TransferWork;
import io.waybill.worker.Works;
import io.waybill.worker.metrics.Unwanted;
import io.waybill.worker.partition.LedgerUpdate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Work that must not be done: what was delivered or is in doubt already, and what nobody wants any more. */
final class UnwantedItemsTest extends ItemsFixture {
    @Test
    void shouldNotDeliverAFileTwiceWhoseCompletedCrossedTheRedrive() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        handle(first);

        handle(again(first, 0));

        assertThat(events()).hasExactlyElementsOfTypes(
                FileEvent.Started.class, FileEvent.Completed.class, FileEvent.Failed.class);
        assertThat(failed().detail()).contains("sending 1 of this file was delivered before");
        assertThat(unwanted).containsExactly(Unwanted.DELIVERED);
        assertThat(warnings.lines()).noneMatch(line -> line.contains("An attempt failed"));
    }

    @Test
    void shouldNotDeliverAnOlderSendingThatStillWaitedWhenALaterOneWasDelivered() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        handle(again(first, 0));

        handle(first);

        assertThat(events()).hasExactlyElementsOfTypes(
                FileEvent.Started.class, FileEvent.Completed.class, FileEvent.Failed.class);
    }

    @Test
    void shouldSendAgainWhatWasAskedForWhenItsDeliveryWasKnown() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        handle(first);

        handle(again(first, 1));

        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Completed.class, c -> assertThat(c.attempt().sending()).isEqualTo(2));
    }

    @Test
    void shouldSendAgainWhatIsResentThoughAnEarlierSendingIsNotSettled() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        handle(first);

        handle(Works.resent(first, List.of(1)));

        assertThat(events().getLast())
                .isInstanceOfSatisfying(
                        FileEvent.Completed.class, c -> assertThat(c.attempt().sending()).isEqualTo(2));
        assertThat(unwanted).isEmpty();
    }

    @Test
    void shouldDeliverAResendOnceThoughItsWorkIsRepeated() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        handle(first);
        TransferWork resend = Works.resent(first, List.of(1));
        handle(resend);

        handle(resend);

        assertThat(events()).hasExactlyElementsOfTypes(
                FileEvent.Started.class,
                FileEvent.Completed.class,
                FileEvent.Started.class,
                FileEvent.Completed.class,
                FileEvent.Failed.class);
        assertThat(unwanted).containsExactly(Unwanted.DELIVERED);
    }

    @Test
    void shouldNotResendAVersionThatANewerOneReplaced() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        TransferWork newer = version("v2", NOON.plusSeconds(60));
        handle(first);
        handle(newer);

        handle(Works.resent(first, List.of(1)));

        assertThat(failed().kind()).isEqualTo(FailureKind.SUPERSEDED);
        assertThat(failed().detail()).contains("file " + newer.id());
    }

    @Test
    void shouldSendNothingOfAFileWhileADoubtIsOpen() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        remembered(new FileOutcome(first.id(), 1, Result.IN_DOUBT, Instant.EPOCH.plus(KEEP)));

        handle(again(first, 0));

        assertThat(failed().kind()).isEqualTo(FailureKind.IN_DOUBT);
        assertThat(failed().detail()).contains("sending 1", "./waybill resolve " + first.id());
        assertThat(unwanted).containsExactly(Unwanted.IN_DOUBT);
    }

    @Test
    void shouldSendAgainWhatAPersonWantsSentInSpiteOfADoubt() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        remembered(new FileOutcome(first.id(), 1, Result.IN_DOUBT, Instant.EPOCH.plus(KEEP)));

        handle(again(first, 1));

        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldEndARedriveInDoubtWhoseOlderSendingEndsInDoubt() {
        under(older);
        deliverer.onResolve = _ -> new Outcome.NotDelivered(new Failure(FailureKind.IN_DOUBT, "who knows"));
        deliverAll();

        handle(Works.again(older));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Failed.class, FileEvent.Failed.class);
        assertThat(failed().kind()).isEqualTo(FailureKind.IN_DOUBT);
        assertThat(indexed()).containsExactly(
                new FileOutcome(older.id(), 1, Result.IN_DOUBT, Instant.EPOCH.plus(TransferWork.DEFAULT_KEEP)),
                new FileOutcome(older.id(), 2, Result.IN_DOUBT, Instant.EPOCH.plus(TransferWork.DEFAULT_KEEP)));
    }

    @Test
    void shouldSayThatWhatIsInDoubtIsSentAgainWhereThatIsWanted() {
        deliverer.onDeliver = _ -> new Outcome.SentAgain(new Failure(FailureKind.IN_DOUBT, "who knows"));

        handle(work);

        assertThat(events()).singleElement().isInstanceOfSatisfying(FileEvent.Failed.class, failed -> {
            assertThat(failed.resend()).isTrue();
            assertThat(failed.failure().kind()).isEqualTo(FailureKind.IN_DOUBT);
        });
        assertThat(indexed()).isEmpty();
    }

    @Test
    void shouldNotBeginWhatWasGivenUpWhileItWaited() {
        deliverAll();
        Staging left = leave(work);
        withdrawn.apply(work.id(), new Control(work.id(), 1, Control.Kind.GIVEN_UP, NOON));

        handle(work);

        assertThat(failed()).isEqualTo(
                new Failure(FailureKind.CANCELLED, "given up before it began: the file timed out"));
        assertThat(entries.getFirst().finished()).isEqualTo(OptionalLong.of(7));
        assertThat(deliverer.discarded).containsExactly(left);
        assertThat(unwanted).containsExactly(Unwanted.GIVEN_UP);
    }

    @Test
    void shouldNotForgetTheIntentOfAnEarlierAttemptOfWhatWasGivenUp() {
        TransferWork next = work("v1", NOON, Attempt.FIRST.next(), ConflictPolicy.REPLACE, 0);
        progress.ledger().apply(LedgerUpdate.to(Works.intentOf(version("v1", NOON))));
        withdrawn.apply(next.id(), new Control(next.id(), 1, Control.Kind.GIVEN_UP, NOON));

        handle(next);

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Deferred.class);
        assertThat(progress.ledger().has(Works.intentOf(version("v1", NOON)))).isTrue();
    }

    @Test
    void shouldNotBeginWhatWasCancelledWhileItWaited() {
        deliverAll();
        withdrawn.apply(work.id(), new Control(work.id(), 1, Control.Kind.CANCELLED, NOON));

        handle(work);

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Failed.class);
        assertThat(unwanted).containsExactly(Unwanted.CANCELLED);
    }

    @Test
    void shouldBeginALaterSendingThanTheOneThatWasCancelled() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        withdrawn.apply(first.id(), new Control(first.id(), 1, Control.Kind.CANCELLED, NOON));

        handle(again(first, 0));

        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldStopWhatIsCancelledWhileItIsSent() {
        deliverer.onDeliver = journal -> {
            assertThat(journal.stands()).isTrue();
            withdrawn.apply(work.id(), new Control(work.id(), 1, Control.Kind.CANCELLED, NOON));
            assertThat(journal.stands()).isFalse();
            return new Outcome.NotDelivered(journal.unwanted().orElseThrow());
        };

        handle(work);

        assertThat(failed().kind()).isEqualTo(FailureKind.CANCELLED);
        assertThat(unwanted).containsExactly(Unwanted.CANCELLED);
    }

    @Test
    void shouldBringToItsEndWhatTimesOutWhileItIsSent() {
        deliverer.onDeliver = journal -> {
            withdrawn.apply(work.id(), new Control(work.id(), 1, Control.Kind.GIVEN_UP, NOON));
            assertThat(journal.stands()).isTrue();
            assertThat(journal.unwanted()).isEmpty();
            return prepare(journal, Works.intentOf(work));
        };

        handle(work);

        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldNotResolveAgainForTheNextFileOfThePathWhatItHasJustDelivered() {
        under(older);
        commits = false;
        deliverer.onResolve = _ -> new Outcome.Delivered(RECEIPT);
        deliverAll();

        handle(work);
        handle(work("v9", NOON, Attempt.FIRST, ConflictPolicy.KEEP_BOTH, 0));
        items(PublishProtocol.TWO_PHASE).resolve(older, progress);

        assertThat(deliverer.asked).containsExactly(older);
        handle(Works.again(older));
        assertThat(events())
                .filteredOn(event -> event.id().equals(older.id()))
                .hasExactlyElementsOfTypes(FileEvent.Completed.class, FileEvent.Failed.class);
        assertThat(unwanted).containsExactly(Unwanted.DELIVERED);
    }

    @Test
    void shouldNotResolveAgainForTheNextFileOfThePathWhatItHasJustWithdrawn() {
        under(older);
        commits = false;
        Staging left = left();
        deliverer.onResolve = _ -> new Outcome.NotDelivered(
                new Failure(FailureKind.REMOTE_ERROR, ""), Optional.of(left));
        deliverAll();

        handle(work);
        handle(Works.again(older));

        assertThat(deliverer.asked).containsExactly(older);
        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldRemoveTheFileThatWasSetAsideWhenTheDeliveryIsCommitted() {
        Staging aside = left("/.waybill/older-one");
        deliverer.onDeliver = _ -> new Outcome.Delivered(RECEIPT, Optional.of(aside));

        handle(work);

        assertThat(entries.getFirst().update()).hasValue(LedgerUpdate.to(aside));
        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Completed.class);
        assertThat(deliverer.discarded).containsExactly(aside);
        assertThat(entries.getLast().update()).hasValue(LedgerUpdate.clear(work.id(), 1));
    }

    @Test
    void shouldNotGoOnFromAFileThatWasSetAside() {
        progress.ledger().apply(LedgerUpdate.to(left("/.waybill/older-one")));
        deliverer.onDeliver = journal -> {
            assertThat(journal.left()).isEmpty();
            return new Outcome.Dropped();
        };

        handle(work);

        progress.ledger().apply(LedgerUpdate.to(left()));
        deliverer.onDeliver = journal -> {
            assertThat(journal.left()).contains(left());
            return new Outcome.Dropped();
        };
        handle(work);
    }

    @Test
    void shouldRememberThatAServerReplacesInOneStep() {
        String directory = work.target().path().directory();
        deliverer.onDeliver = journal -> {
            assertThat(journal.replaceProven("OpenSSH", directory)).isFalse();
            journal.noteReplaceProven("OpenSSH", directory);
            journal.noteReplaceProven("OpenSSH", directory);
            assertThat(journal.replaceProven("OpenSSH", directory)).isTrue();
            assertThat(journal.replaceProven("another", directory)).isFalse();
            return new Outcome.Dropped();
        };

        handle(work);

        assertThat(indexed()).hasOnlyElementsOfType(IndexEntry.ProvenReplace.class).hasSize(1);
    }

    @Test
    void shouldRememberWhatWasDelivered() {
        deliverAll();

        handle(work);

        assertThat(unwanted).isEmpty();
        assertThat(indexed()).containsExactlyInAnyOrder(
                new NewestAtPath(
                        IndexEntry.pathKey(work.target(), work.source()),
                        work.id(),
                        work.source().lastModified(),
                        Instant.EPOCH.plus(work.keep())),
                new FileOutcome(work.id(), 1, Result.DELIVERED, Instant.EPOCH.plus(work.keep())));
    }
}
