package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small values refuse what cannot be, and say what it was. */
final class ValuesTest {
    @Test
    void shouldOrderAttemptsBySendingThenNumber() {
        assertThat(new Attempt(1, 9)).isLessThan(new Attempt(2, 1)).isGreaterThan(new Attempt(1, 8));
        assertThat(new Attempt(1, 9).next()).isEqualTo(new Attempt(1, 10));
        assertThat(new Attempt(1, 9).nextSending()).isEqualTo(new Attempt(2, 1));
        assertThat(new Attempt(2, 9).firstOfSending()).isEqualTo(new Attempt(2, 1));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 1", "2147483647, -2147483648"})
    void shouldCountAttemptsFromOne(int sending, int number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Attempt(sending, number))
                .withMessageContaining(sending + " and " + number);
    }

    @Test
    void shouldRefuseARouteThatDoesNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Example.route(null, false))
                .withMessageContaining("'invoices' has neither a delivery nor an import");
    }

    @Test
    void shouldRefuseTimeoutsThatHavePassedAlready() {
        Duration day = Duration.ofDays(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new Timeouts(Duration.ZERO, day));
        assertThatIllegalArgumentException().isThrownBy(() -> new Timeouts(day, Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Timeouts(day, day, Duration.ZERO));
    }

    @Test
    void shouldCompleteADeliveryWithAReceiptAndAnImportWithout() {
        var now = Example.NOW;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FileEvent.Completed(Example.ID, now, Stage.DELIVERY, Attempt.FIRST, null));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new FileEvent.Completed(Example.ID, now, Stage.IMPORT, Attempt.FIRST, Example.RECEIPT));
    }

    @Test
    void shouldCompareTheBytesOfPoison() {
        var poison = new DeadLetter.Poison(Example.NOW, "t-0@1", new byte[] {1}, new byte[] {2}, Map.of(), "bad magic");
        var same = new DeadLetter.Poison(Example.NOW, "t-0@1", new byte[] {1}, new byte[] {2}, Map.of(), "bad magic");
        var other = new DeadLetter.Poison(Example.NOW, "t-0@1", new byte[] {1}, new byte[] {3}, Map.of(), "bad magic");

        assertThat(poison).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
    }

    @Test
    void shouldCutWhatIsToldOfWhoAndWhySoThatItsStateStillFitsIntoARecord() {
        String endless = "x".repeat(1_000_000);

        var redrive = new FileEvent.RedriveRequested(Example.ID, Example.NOW, 1, endless, endless);
        var resolve = new FileEvent.ResolveRequested(
                Example.ID, Example.NOW, 1, endless, endless, Resolution.DELIVERED);
        var cancel = new FileEvent.CancelRequested(Example.ID, Example.NOW, 1, endless, endless);
        var started =
                new FileEvent.Started(Example.ID, Example.NOW, Stage.IMPORT, Attempt.FIRST, endless, endless);
        var heartbeat = new FileEvent.Heartbeat(Example.ID, Example.NOW, Stage.IMPORT, Attempt.FIRST, endless);

        assertThat(List.of(redrive.by(), resolve.by(), cancel.by(), started.by(), heartbeat.by()))
                .containsOnly("x".repeat(FileEvent.LONGEST_BY - 1) + "…");
        assertThat(List.of(redrive.reason(), resolve.reason(), cancel.reason()))
                .containsOnly("x".repeat(FileEvent.LONGEST_REASON - 1) + "…");
        assertThat(started.claimId()).hasSize(FileEvent.LONGEST_CLAIM_ID);
        String longest = "x".repeat(FileEvent.LONGEST_BY);
        assertThat(new FileEvent.RedriveRequested(Example.ID, Example.NOW, 1, longest, "").by()).isEqualTo(longest);
    }

    @Test
    void shouldRefuseAnObjectWhoseKeyNoStoreCanHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Example.object("x".repeat(900_000)))
                .withMessageContaining("the key has 900000 characters");
    }

    @Test
    void shouldRefuseAReceiptWhoseDigestIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Receipt(
                        Example.TARGET.path(),
                        1,
                        "0".repeat(900_000),
                        Proof.SIZE,
                        DestinationClass.ATOMIC_DURABLE,
                        Duration.ZERO))
                .withMessageContaining("SHA-256");
    }

    @Test
    void shouldCutADetailThatIsTooLongForARecord() {
        String endless = "x".repeat(Failure.LONGEST_DETAIL - 2) + "\ud83d\ude00" + "y".repeat(1_000_000);

        assertThat(new Failure(FailureKind.IMPORT_FAILED, endless).detail())
                .isEqualTo("x".repeat(Failure.LONGEST_DETAIL - 2) + "…");
        String longest = "x".repeat(Failure.LONGEST_DETAIL);
        assertThat(new Failure(FailureKind.IMPORT_FAILED, longest).detail()).isEqualTo(longest);
    }
}
