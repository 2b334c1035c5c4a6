package io.waybill.domain;

import static io.waybill.domain.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Effect.Dispatch;
import io.waybill.domain.Effect.GiveUp;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see of files that were given up, and of which a worker speaks afterwards. */
final class LateReportsTest {
    private static final Lifecycle RULES = new Lifecycle(Example.DELIVERY_ONLY);
    private static final Attempt FIRST = Attempt.FIRST;
    private static final Attempt SECOND = FIRST.nextSending();

    private FileState file = ((Moved) RULES.apply(null, Example.arrived())).state();
    private List<Effect> effects = List.of();

    private Decision happens(FileEvent event) {
        Decision decision = RULES.apply(file, event);
        if (decision instanceof Moved(var state, var told)) {
            file = state;
            effects = told;
        }
        return decision;
    }

    private void timesOut() {
        assertThat(happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()))).isInstanceOf(Moved.class);
    }

    private static FileEvent doubt(Attempt attempt) {
        return Example.failed(Stage.DELIVERY, attempt, FailureKind.IN_DOUBT);
    }

    private FailureKind failure() {
        return ((Phase.Failed) file.phase()).failure().kind();
    }

    private int settledSendings() {
        return effects.stream()
                .filter(Dispatch.class::isInstance)
                .map(effect -> ((Dispatch) effect).work().settledSendings())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAskAPersonAboutATimedOutFileThatIsInDoubtInsteadOfSendingItTwice(boolean resend) {
        timesOut();

        happens(resend ? Example.doubtToResend(Stage.DELIVERY, FIRST) : doubt(FIRST));

        assertThat(failure()).isEqualTo(FailureKind.IN_DOUBT);
        assertThat(happens(Example.redrive(1)))
                .asInstanceOf(type(Ignored.class))
                .extracting(Ignored::reason)
                .asString()
                .contains("./waybill resolve " + file.id() + " --delivered | --resend");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAskAPersonAboutACancelledFileThatIsInDoubt(boolean resend) {
        happens(Example.cancel(1));

        happens(resend ? Example.doubtToResend(Stage.DELIVERY, FIRST) : doubt(FIRST));

        assertThat(failure()).isEqualTo(FailureKind.IN_DOUBT);
    }

    @Test
    void shouldStopARedriveWhenTheSendingBeforeItIsInDoubt() {
        timesOut();
        happens(Example.redrive(1));

        happens(doubt(FIRST));

        assertThat(file.phase().attempt()).isEqualTo(SECOND);
        assertThat(failure()).isEqualTo(FailureKind.IN_DOUBT);
        assertThat(effects)
                .containsExactly(new GiveUp(new Control(file.id(), 2, Control.Kind.CANCELLED, NOW)));
        assertThat(happens(doubt(SECOND))).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldStillHearOfADoubtAfterTheRedriveFailedForAnotherReason() {
        timesOut();
        happens(Example.redrive(1));
        happens(Example.failed(Stage.DELIVERY, SECOND, FailureKind.FORBIDDEN));

        happens(doubt(FIRST));

        assertThat(failure()).isEqualTo(FailureKind.IN_DOUBT);
    }

    @Test
    void shouldSendAgainAnOpenFileInDoubtWhereTheDestinationSaysSo() {
        happens(Example.doubtToResend(Stage.DELIVERY, FIRST));

        assertThat(file.phase()).isInstanceOf(Phase.Waiting.class);
        assertThat(file.phase().attempt()).isEqualTo(FIRST.next());
        assertThat(happens(Example.doubtToResend(Stage.DELIVERY, FIRST))).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldLetADoubtEndAFileWhoseAttemptsAreUsedUp() {
        Attempt attempt = FIRST;
        for (int i = 1; i <= Example.RETRY.maxAttempts(); i++) {
            happens(Example.doubtToResend(Stage.DELIVERY, attempt));
            attempt = attempt.next();
        }

        assertThat(failure()).isEqualTo(FailureKind.IN_DOUBT);
    }

    @Test
    void shouldTellTheWorkerWhichSendingsAreSettledWhenAFileIsSentAgain() {
        happens(Example.failed(Stage.DELIVERY, FIRST, FailureKind.FORBIDDEN));
        happens(Example.redrive(1));
        assertThat(settledSendings()).isEqualTo(1);

        timesOut();
        happens(Example.redrive(2));
        assertThat(settledSendings()).isEqualTo(1);

        happens(doubt(new Attempt(3, 1)));
        happens(Example.resolve(3, Resolution.RESEND));
        assertThat(settledSendings()).isEqualTo(3);
    }

    @Test
    void shouldNotRaiseADoubtAgainThatAPersonHasEnded() {
        timesOut();
        happens(Example.redrive(1));
        happens(doubt(FIRST));
        happens(Example.resolve(2, Resolution.RESEND));

        assertThat(happens(doubt(FIRST))).isInstanceOf(Ignored.class);
        assertThat(happens(doubt(SECOND))).isInstanceOf(Ignored.class);
        assertThat(file.status()).isEqualTo(Status.PENDING);
    }

    @Test
    void shouldCompleteLateWhatIsFoundDeliveredAfterACancellationOrADoubt() {
        happens(Example.cancel(1));
        happens(doubt(FIRST));

        happens(Example.completed(Stage.DELIVERY, FIRST));

        assertThat(file.phase()).isEqualTo(new Phase.Completed(Stage.DELIVERY, FIRST, true));
    }

    @Test
    void shouldStopARedriveWhenTheSendingBeforeItIsFoundDelivered() {
        timesOut();
        happens(Example.redrive(1));

        happens(Example.completed(Stage.DELIVERY, FIRST));

        assertThat(file.status()).isEqualTo(Status.COMPLETED);
        assertThat(effects).contains(new GiveUp(new Control(file.id(), 2, Control.Kind.CANCELLED, NOW)));
    }

    @Test
    void shouldTellTheWorkersWhatIsNotWantedAnyMoreUntilTheyHaveSpoken() {
        timesOut();
        assertThat(effects)
                .containsExactly(new GiveUp(new Control(file.id(), 1, Control.Kind.GIVEN_UP, NOW)));
        FileEvent word = Example.failed(Stage.DELIVERY, FIRST, FailureKind.CANCELLED);
        assertThat(Controls.released(file, word, happens(word))).isTrue();

        happens(Example.redrive(1));
        FileState redriven = file;
        FileEvent done = Example.completed(Stage.DELIVERY, SECOND);
        assertThat(Controls.released(redriven, done, happens(done))).isFalse();
        assertThat(Controls.released(redriven, word, new Ignored(""))).isTrue();
    }

    @Test
    void shouldSayThatACancellationComesTooLate() {
        happens(Example.completed(Stage.DELIVERY, FIRST));

        assertThat(happens(Example.cancel(1)))
                .asInstanceOf(type(Ignored.class))
                .extracting(Ignored::reason)
                .asString()
                .contains("too late");
    }

    @Test
    void shouldKeepNoControlOfAFileThatWasDeliveredAtOnce() {
        happens(Example.completed(Stage.DELIVERY, FIRST));

        assertThat(Controls.mayStand(file)).isFalse();
        assertThat(Objects.requireNonNull(file.receipt()).path()).isEqualTo(Example.TARGET.path());
    }
}
