package io.waybill.domain;

import static io.waybill.domain.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Effect.Announce;
import io.waybill.domain.Effect.Dispatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that was delivered is delivered once more, because somebody asks for it. */
final class ResendTest {
    private static final Receipt SECOND = new Receipt(
            Example.TARGET.path(), 42, "1".repeat(64), Proof.SIZE, DestinationClass.ATOMIC_DURABLE,
            Duration.ofMillis(9));

    private Lifecycle rules = new Lifecycle(Example.DELIVERY_ONLY);
    private FileState file = ((Moved) rules.apply(null, Example.arrived())).state();
    private List<Effect> effects = List.of();

    private Decision happens(FileEvent event) {
        Decision decision = rules.apply(file, event);
        if (decision instanceof Moved(var state, var told)) {
            file = state;
            effects = told;
        }
        return decision;
    }

    private void delivered(int sending, Receipt receipt) {
        happens(new FileEvent.Completed(Example.ID, NOW, Stage.DELIVERY, new Attempt(sending, 1), receipt));
    }

    private TransferWork work() {
        return ((Dispatch) effects.getFirst()).work();
    }

    private void under(Route route) {
        rules = new Lifecycle(route);
        file = ((Moved) rules.apply(null, Example.arrived())).state();
    }

    @Test
    void shouldBeginANewSendingWhoseWorkNamesTheDeliveryThatIsKnown() {
        delivered(1, Example.RECEIPT);

        happens(Example.resend(1, false));

        assertThat(file.status()).isEqualTo(Status.PENDING);
        assertThat(work().attempt()).isEqualTo(new Attempt(2, 1));
        assertThat(work().knows(1)).isTrue();
        assertThat(work().knows(2)).isFalse();
        assertThat(file.receipt()).isEqualTo(Example.RECEIPT);
    }

    @Test
    void shouldReplaceTheReceiptAndTellImportersNothingWhenItIsDeliveredOnceMore() {
        delivered(1, Example.RECEIPT);
        happens(Example.resend(1, false));

        delivered(2, SECOND);

        assertThat(file.phase()).isEqualTo(new Phase.Completed(Stage.DELIVERY, new Attempt(2, 1), false));
        assertThat(file.receipt()).isEqualTo(SECOND);
        assertThat(effects).isEmpty();
    }

    @Test
    void shouldTellImportersOnceMoreIfThatWasAskedFor() {
        under(Example.DELIVERY_THEN_IMPORT);
        delivered(1, Example.RECEIPT);
        happens(Example.completed(Stage.IMPORT, Attempt.FIRST));

        happens(Example.resend(1, true));
        delivered(2, SECOND);

        assertThat(effects).hasOnlyElementsOfType(Announce.class).hasSize(1);
        assertThat(file.phase()).isEqualTo(
                new Phase.Queued(Stage.IMPORT, new Attempt(2, 1), NOW.plus(Example.TIMEOUTS.unclaimed())));
    }

    @Test
    void shouldNotImportAgainWhatIsResentWithoutAnnouncement() {
        under(Example.DELIVERY_THEN_IMPORT);
        delivered(1, Example.RECEIPT);
        happens(Example.completed(Stage.IMPORT, Attempt.FIRST));

        happens(Example.resend(1, false));
        delivered(2, SECOND);

        assertThat(file.status()).isEqualTo(Status.COMPLETED);
        assertThat(effects).isEmpty();
    }

    @Test
    void shouldKeepTheFirstReceiptIfTheResendFailsAndSendItOnRedrive() {
        delivered(1, Example.RECEIPT);
        happens(Example.resend(1, false));

        happens(Example.failed(Stage.DELIVERY, new Attempt(2, 1), FailureKind.FORBIDDEN));

        assertThat(file.status()).isEqualTo(Status.FAILED);
        assertThat(file.receipt()).isEqualTo(Example.RECEIPT);
        assertThat(file.resent()).isTrue();
        happens(Example.redrive(2));
        assertThat(work().attempt()).isEqualTo(new Attempt(3, 1));
        assertThat(work().knows(1)).isTrue();
    }

    @Test
    void shouldNotTakeTheFirstDeliveryForThatOfTheResend() {
        delivered(1, Example.RECEIPT);
        happens(Example.resend(1, false));

        assertThat(rules.apply(file, Example.completed(Stage.DELIVERY, Attempt.FIRST))).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldCompleteAResendThatTimedOutAndWasDeliveredAllTheSame() {
        delivered(1, Example.RECEIPT);
        happens(Example.resend(1, false));
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        happens(Example.redrive(2));

        delivered(2, SECOND);

        assertThat(file.phase()).isEqualTo(new Phase.Completed(Stage.DELIVERY, new Attempt(2, 1), true));
        assertThat(file.receipt()).isEqualTo(SECOND);
    }

    @Test
    void shouldHoldAResendThatIsInDoubtUntilAPersonHasDecided() {
        delivered(1, Example.RECEIPT);
        happens(Example.resend(1, false));
        happens(Example.failed(Stage.DELIVERY, new Attempt(2, 1), FailureKind.IN_DOUBT));

        assertThat(file.inDoubt()).isTrue();
        assertThat(happens(Example.redrive(2))).isInstanceOf(Ignored.class);
        happens(Example.resolve(2, Resolution.DELIVERED));

        assertThat(file.status()).isEqualTo(Status.COMPLETED);
        // A word proves less than what is known.
        assertThat(file.receipt()).isEqualTo(Example.RECEIPT);
    }

    @Test
    void shouldNotStopAtADoubtThatAPersonHasDecided() {
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        happens(Example.redrive(1));
        happens(Example.failed(Stage.DELIVERY, Attempt.FIRST, FailureKind.IN_DOUBT));
        happens(Example.resolve(2, Resolution.DELIVERED));
        assertThat(file.status()).isEqualTo(Status.COMPLETED);

        happens(Example.resend(2, false));

        assertThat(work().attempt()).isEqualTo(new Attempt(3, 1));
        // The worker remembers that the first sending is in doubt.
        assertThat(work().knows(1)).isTrue();
        assertThat(rules.apply(file, Example.failed(Stage.DELIVERY, Attempt.FIRST, FailureKind.IN_DOUBT)))
                .isInstanceOf(Ignored.class);
    }

    @Test
    void shouldNoteASecondDeliveryOfACompletedFileSoThatAResendIsNotSkippedForIt() {
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        happens(Example.redrive(1));
        delivered(1, Example.RECEIPT);
        delivered(2, SECOND);
        assertThat(file.receipt()).isEqualTo(Example.RECEIPT);

        happens(Example.resend(1, false));

        assertThat(work().attempt()).isEqualTo(new Attempt(3, 1));
        assertThat(work().knows(1) && work().knows(2)).isTrue();
    }

    /** Another lane reports its delivery while importers have the file, and the resend comes long after. */
    @ParameterizedTest
    @EnumSource(AtItsImport.class)
    void shouldNoteASecondDeliveryOfAFileThatIsAtItsImport(AtItsImport where) {
        under(Example.DELIVERY_THEN_IMPORT);
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        happens(Example.redrive(1));
        delivered(1, Example.RECEIPT);
        Attempt importing = file.phase().attempt();
        happens(where.event(file));
        AttemptFailures failures = file.failures();
        Phase phase = file.phase();

        delivered(2, SECOND);

        assertThat(file.phase()).isEqualTo(phase);
        assertThat(file.failures()).as("it failed once").isEqualTo(failures);
        assertThat(file.receipt()).isEqualTo(Example.RECEIPT);
        happens(Example.redrive(importing.sending()));
        happens(Example.completed(Stage.IMPORT, file.phase().attempt()));
        happens(Example.resend(file.phase().attempt().sending(), false));
        assertThat(work().knows(1) && work().knows(2)).isTrue();
    }

    private enum AtItsImport {
        QUEUED,
        WAITING,
        FAILED,
        TIMED_OUT;

        FileEvent event(FileState file) {
            Attempt attempt = file.phase().attempt();
            return switch (this) {
                case QUEUED -> Example.redrive(99);
                case WAITING -> Example.failed(Stage.IMPORT, attempt, FailureKind.IMPORT_FAILED);
                case FAILED -> Example.failed(Stage.IMPORT, attempt, FailureKind.IMPORT_REJECTED);
                case TIMED_OUT -> Example.deadline(DeadlineKind.UNCLAIMED, file.version());
            };
        }
    }

    /** Somebody asked for an old version in the moment in which a newer one came. */
    @Test
    void shouldStayDeliveredIfANewerVersionIsThere() {
        delivered(1, Example.RECEIPT);
        happens(Example.resend(1, false));

        happens(superseded(2));

        assertThat(file.phase()).isEqualTo(new Phase.Completed(Stage.DELIVERY, new Attempt(2, 1), false));
        assertThat(file.receipt()).isEqualTo(Example.RECEIPT);
        assertThat(file.refusedResend()).isEqualTo(Optional.of(superseded(2).failure()));
        assertThat(effects).isEmpty();
        happens(Example.resend(2, false));
        assertThat(work().attempt()).isEqualTo(new Attempt(3, 1));
        assertThat(work().knows(1)).isTrue();
        delivered(3, SECOND);
        assertThat(file.refusedResend()).isEmpty();
    }

    /** A worker may still say that nobody knows whether the second sending was delivered. */
    @Test
    void shouldEndFailedForANewerVersionIfTheResendBeforeMayBeInDoubt() {
        delivered(1, Example.RECEIPT);
        happens(Example.resend(1, false));
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        happens(Example.redrive(2));

        happens(superseded(3));

        assertThat(file.status()).isEqualTo(Status.FAILED);
        happens(Example.failed(Stage.DELIVERY, new Attempt(2, 1), FailureKind.IN_DOUBT));
        assertThat(file.inDoubt()).isTrue();
    }

    @Test
    void shouldEndFailedForANewerVersionWhatWasNeverDelivered() {
        happens(superseded(1));

        assertThat(file.status()).isEqualTo(Status.FAILED);
        assertThat(file.refusedResend()).isEmpty();
    }

    private static FileEvent.Failed superseded(int sending) {
        return Example.failed(Stage.DELIVERY, new Attempt(sending, 1), FailureKind.SUPERSEDED);
    }

    @Test
    void shouldNotNameASendingOfWhichNobodyKnowsWhatBecameOfIt() {
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        happens(Example.redrive(1));
        delivered(1, Example.RECEIPT);

        happens(Example.resend(1, false));

        assertThat(work().attempt()).isEqualTo(new Attempt(3, 1));
        assertThat(work().knows(2)).isFalse();
        // Who asks once gets one more delivery at most.
        delivered(2, SECOND);
        assertThat(file.phase()).isEqualTo(new Phase.Completed(Stage.DELIVERY, new Attempt(2, 1), true));
    }

    @Test
    void shouldNotUseASendingAgainThatAnEarlierOneOvertook() {
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        happens(Example.redrive(1));
        happens(Example.failed(Stage.DELIVERY, new Attempt(2, 1), FailureKind.IN_DOUBT));
        delivered(1, Example.RECEIPT);
        assertThat(file.phase().attempt()).isEqualTo(Attempt.FIRST);

        happens(Example.resend(1, false));

        assertThat(work().attempt()).isEqualTo(new Attempt(3, 1));
    }

    @Test
    void shouldSendAFileThatAnEarlierVersionCompleted() {
        file = Example.file(Example.DELIVERY_THEN_IMPORT, new Phase.Completed(Stage.IMPORT, new Attempt(3, 1), false));

        happens(Example.resend(3, false));

        assertThat(work().attempt()).isEqualTo(new Attempt(4, 1));
        assertThat(work().knows(1) && work().knows(2) && work().knows(3)).isTrue();
    }

    @Test
    void shouldRefuseWhatIsNotCompletedOrWasNeverDelivered() {
        assertThat(happens(Example.resend(1, false)))
                .isEqualTo(new Ignored("only COMPLETED files are resent, this one is PENDING"));
        under(Example.HOSTED_DROP);
        happens(Example.completed(Stage.IMPORT, Attempt.FIRST));
        assertThat(happens(Example.resend(1, false)))
                .isEqualTo(new Ignored("the file was never delivered to a destination"));
    }

    @Test
    void shouldRefuseARequestThatIsRepeated() {
        delivered(1, Example.RECEIPT);
        happens(Example.resend(1, false));
        delivered(2, SECOND);

        assertThat(happens(Example.resend(1, false))).isInstanceOf(Ignored.class);
    }
}
