package io.waybill.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.NewestAtPath;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.domain.TransferWork;
import io.waybill.worker.Works;
import io.waybill.worker.metrics.Unwanted;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Versions of one object for one path, which arrive in any order. */
final class NewerVersionsTest extends ItemsFixture {
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
        deliverer.onDeliver = journal -> {
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
    void shouldKnowTheVersionThatTheStoreNamesWhereItsEtagWasToldAsWeakWhenItArrived() {
        deliverAll();
        remembered(newest(version("v1", NOON)));
        TransferWork ours = of(new SourceObject("outbound", "a", null, "W/second", 1, NOON));
        versions = (_, _) -> Optional.of(new SourceObject("outbound", "a", null, "second", 1, NOON));

        handle(ours);

        assertThat(events().getLast()).isInstanceOf(FileEvent.Completed.class);
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
        assertThat(deliverer.discarded).containsExactly(left);
    }
}
