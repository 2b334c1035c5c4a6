package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Control;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.IndexEntry.Result;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Proof;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferWork;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work that must not be done: older versions, what was delivered or is in doubt already, and what nobody wants any more. */
final class UnwantedItemsTest extends ItemsFixture {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration KEEP = Duration.ofDays(30);

    @Test
    void shouldNotReplaceANewerVersionByAnOlderOneThatArrivesLate() {
        deliverAll();
        TransferWork newer = version("v2", NOON.plusSeconds(1));
        handle(newer);

        handle(version("v1", NOON));

        assertThat(failed()).isEqualTo(new Failure(
                FailureKind.SUPERSEDED,
                "a newer version of this object, file " + newer.id()
                        + " last modified 2026-01-01T12:00:01Z, was prepared"
                        + " or delivered at '/a'"));
        assertThat(events()).hasExactlyElementsOfTypes(
                FileEvent.Started.class, FileEvent.Completed.class, FileEvent.Failed.class);
        assertThat(unwanted).containsExactly(Unwanted.SUPERSEDED);
    }

    @Test
    void shouldReplaceAnOlderVersionByANewerOne() {
        deliverAll();
        handle(version("v1", NOON));

        handle(version("v2", NOON.plusSeconds(1)));

        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldRememberANewerVersionFromItsIntentOn() {
        TransferWork newer = version("v2", NOON);
        carrier.carried = journal -> {
            Outcome outcome = prepare(journal, Works.intentOf(newer));
            return outcome instanceof Outcome.Delivered ? new Outcome.NotDelivered(NO) : outcome;
        };

        handle(newer);

        assertThat(indexed()).containsExactly(new NewestAtPath(
                IndexEntry.pathKey(newer.target(), newer.source()), newer.id(), NOON, Instant.EPOCH.plus(KEEP)));
        handle(version("v1", NOON.minusSeconds(1)));
        assertThat(failed().kind()).isEqualTo(FailureKind.SUPERSEDED);
    }

    @Test
    void shouldTryTheSameVersionAgain() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        remembered(newest(first));

        handle(again(first, 0));

        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldTakeTheVersionThatTheStoreNamesForTheNewerOfTwoOfOneSecond() {
        deliverAll();
        TransferWork one = version("v1", NOON);
        TransferWork other = version("v2", NOON);
        remembered(newest(one));

        versions = (_, _) -> Optional.of(other.source());
        handle(other);
        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);

        handle(one);
        assertThat(failed().kind()).isEqualTo(FailureKind.SUPERSEDED);
    }

    @Test
    void shouldTakeTheOnePreparedFirstForTheNewerWhereTheStoreDoesNotTell() {
        deliverAll();
        remembered(newest(version("v1", NOON)));

        handle(version("v2", NOON));

        assertThat(failed().kind()).isEqualTo(FailureKind.SUPERSEDED);
    }

    @Test
    void shouldTryAgainLaterWhatTheStoreCannotSayNow() {
        deliverAll();
        remembered(newest(version("v1", NOON)));
        var failure = new Failure(FailureKind.SOURCE_UNREACHABLE, "503");
        versions = (_, _) -> {
            throw new TransferException(failure);
        };

        handle(version("v2", NOON));

        assertThat(failed()).isEqualTo(failure);
        assertThat(unwanted).isEmpty();
    }

    @Test
    void shouldNotSendAgainAVersionThatTheStoreHasANewerOneOf() {
        deliverAll();
        SourceObject current = version("v2", NOON.plusSeconds(1)).source();
        versions = (_, _) -> Optional.of(current);

        handle(again(version("v1", NOON), 0));

        assertThat(failed().kind()).isEqualTo(FailureKind.SUPERSEDED);
        assertThat(failed().detail()).contains("v2", "12:00:01");
    }

    @ParameterizedTest
    @EnumSource(value = ConflictPolicy.class, mode = EnumSource.Mode.EXCLUDE, names = "REPLACE")
    void shouldReplaceNothingAndSoDeliverEveryVersionWhereThePolicySaysSo(ConflictPolicy policy) {
        deliverAll();
        remembered(newest(version("v2", NOON)));

        handle(work("v1", NOON.minusSeconds(1), Attempt.FIRST, policy, 0));

        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldRemoveWhatIsLeftOfAnUploadThatIsSuperseded() {
        TransferWork first = version("v1", NOON);
        remembered(newest(version("v2", NOON.plusSeconds(1))));
        Staging left = leave(first);

        handle(first);

        assertThat(failed().kind()).isEqualTo(FailureKind.SUPERSEDED);
        assertThat(carrier.discarded).containsExactly(left);
    }

    @Test
    void shouldNotDeliverAFileTwiceWhoseCompletedCrossedTheRedrive() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        handle(first);

        handle(again(first, 0));

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
        assertThat(reports.getLast().finished()).isEqualTo(OptionalLong.of(7));
        assertThat(unwanted).containsExactly(Unwanted.DELIVERED);
    }

    @Test
    void shouldNotDeliverAnOlderSendingThatStillWaitedWhenALaterOneWasDelivered() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        handle(again(first, 0));

        handle(first);

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Started.class, FileEvent.Completed.class);
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
        carrier.settled = _ -> new Outcome.NotDelivered(new Failure(FailureKind.IN_DOUBT, "who knows"));
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
        carrier.carried = _ -> new Outcome.SentAgain(new Failure(FailureKind.IN_DOUBT, "who knows"));

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
        controls.apply(work.id(), new Control(work.id(), 1, Control.Kind.GIVEN_UP, NOON));

        handle(work);

        assertThat(failed()).isEqualTo(
                new Failure(FailureKind.CANCELLED, "given up before it began: the file timed out"));
        assertThat(reports.getFirst().finished()).isEqualTo(OptionalLong.of(7));
        assertThat(carrier.discarded).containsExactly(left);
        assertThat(unwanted).containsExactly(Unwanted.GIVEN_UP);
    }

    @Test
    void shouldNotBeginWhatWasCancelledWhileItWaited() {
        deliverAll();
        controls.apply(work.id(), new Control(work.id(), 1, Control.Kind.CANCELLED, NOON));

        handle(work);

        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Failed.class);
        assertThat(unwanted).containsExactly(Unwanted.CANCELLED);
    }

    @Test
    void shouldBeginALaterSendingThanTheOneThatWasCancelled() {
        deliverAll();
        TransferWork first = version("v1", NOON);
        controls.apply(first.id(), new Control(first.id(), 1, Control.Kind.CANCELLED, NOON));

        handle(again(first, 0));

        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldStopWhatIsCancelledWhileItIsSent() {
        carrier.carried = journal -> {
            assertThat(journal.stands()).isTrue();
            controls.apply(work.id(), new Control(work.id(), 1, Control.Kind.CANCELLED, NOON));
            assertThat(journal.stands()).isFalse();
            return new Outcome.NotDelivered(journal.unwanted().orElseThrow());
        };

        handle(work);

        assertThat(failed().kind()).isEqualTo(FailureKind.CANCELLED);
        assertThat(unwanted).containsExactly(Unwanted.CANCELLED);
    }

    @Test
    void shouldBringToItsEndWhatTimesOutWhileItIsSent() {
        carrier.carried = journal -> {
            controls.apply(work.id(), new Control(work.id(), 1, Control.Kind.GIVEN_UP, NOON));
            assertThat(journal.stands()).isTrue();
            assertThat(journal.unwanted()).isEmpty();
            return prepare(journal, Works.intentOf(work));
        };

        handle(work);

        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldNotSettleAgainForTheNextFileOfThePathWhatItHasJustDelivered() {
        under(older);
        commits = false;
        carrier.settled = _ -> new Outcome.Delivered(RECEIPT);
        deliverAll();

        handle(work);
        handle(work("v9", NOON, Attempt.FIRST, ConflictPolicy.KEEP_BOTH, 0));
        items(Experiment.Protocol.TWO_PHASE).settle(older, progress);

        assertThat(carrier.asked).containsExactly(older);
        handle(Works.again(older));
        assertThat(events()).filteredOn(event -> event.id().equals(older.id())).hasSize(1);
        assertThat(unwanted).containsExactly(Unwanted.DELIVERED);
    }

    @Test
    void shouldNotSettleAgainForTheNextFileOfThePathWhatItHasJustWithdrawn() {
        under(older);
        commits = false;
        Staging left = left();
        carrier.settled = _ -> new Outcome.NotDelivered(
                new Failure(FailureKind.REMOTE_ERROR, ""), Optional.of(left));
        deliverAll();

        handle(work);
        handle(Works.again(older));

        assertThat(carrier.asked).containsExactly(older);
        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
    }

    @Test
    void shouldRemoveTheFileThatWasSetAsideWhenTheDeliveryIsCommitted() {
        Staging aside = left("/.waybill/older-one");
        carrier.carried = _ -> new Outcome.Delivered(RECEIPT, Optional.of(aside));

        handle(work);

        assertThat(reports.getFirst().change()).hasValue(MarkChange.to(aside));
        assertThat(events()).hasExactlyElementsOfTypes(FileEvent.Completed.class);
        assertThat(carrier.discarded).containsExactly(aside);
        assertThat(reports.getLast().change()).hasValue(MarkChange.clear(work.id(), 1));
    }

    @Test
    void shouldNotGoOnFromAFileThatWasSetAside() {
        progress.marks().apply(MarkChange.to(left("/.waybill/older-one")));
        carrier.carried = journal -> {
            assertThat(journal.left()).isEmpty();
            return new Outcome.Dropped();
        };

        handle(work);

        progress.marks().apply(MarkChange.to(left()));
        carrier.carried = journal -> {
            assertThat(journal.left()).contains(left());
            return new Outcome.Dropped();
        };
        handle(work);
    }

    @Test
    void shouldRememberThatAServerReplacesInOneStep() {
        var directory = work.target().path();
        carrier.carried = journal -> {
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

    private void deliverAll() {
        carrier.carried = ItemsFixture::delivered;
    }

    private Staging leave(TransferWork item) {
        var left = new Staging(
                item.id(), item.attempt(), item.target(), 1, left().staging(), 9, left().endpoint(), NOON);
        progress.marks().apply(MarkChange.to(left));
        return left;
    }

    private static NewestAtPath newest(TransferWork item) {
        return new NewestAtPath(
                IndexEntry.pathKey(item.target(), item.source()),
                item.id(),
                item.source().lastModified(),
                Instant.EPOCH.plus(KEEP));
    }

    private static TransferWork version(String version, Instant lastModified) {
        return work(version, lastModified, Attempt.FIRST, ConflictPolicy.REPLACE, 0);
    }

    /** The next sending of a file. */
    private static TransferWork again(TransferWork first, int settledSendings) {
        return work(
                first.source().versionId(),
                first.source().lastModified(),
                first.attempt().nextSending(),
                first.onConflict(),
                settledSendings);
    }

    private static TransferWork work(
            String version, Instant lastModified, Attempt attempt, ConflictPolicy policy, int settledSendings) {
        var source = new SourceObject("outbound", "a", version, "etag-" + version, 1, lastModified);
        TransferWork like = Works.deliver(source, "/a", policy, Proof.SIZE, false);
        return new TransferWork(
                FileId.of(like.route(), source.bucket(), source.key(), source.version()),
                like.route(),
                attempt,
                source,
                like.target(),
                policy,
                like.verify(),
                false,
                settledSendings,
                KEEP);
    }
}
