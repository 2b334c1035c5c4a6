package io.waybill.domain;

import static io.waybill.domain.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of a file that is forgotten, the table keeps only what it needs not to deliver it again. */
final class ForgetTest {
    private static final Lifecycle RULES = new Lifecycle(Example.DELIVERY_ONLY);

    private FileState file = ((Moved) RULES.apply(null, Example.arrived())).state();

    private Decision happens(FileEvent event) {
        Decision decision = RULES.apply(file, event);
        if (decision instanceof Moved(var state, _)) {
            file = state;
        }
        return decision;
    }

    @Test
    void shouldKeepTheStatusAndTheTimesAndNothingThatSaysWhatTheFileWas() {
        happens(Example.failed(Stage.DELIVERY, Attempt.FIRST, FailureKind.FORBIDDEN));
        FileState before = file;

        assertThat(happens(Example.forget(1))).isEqualTo(new Moved(file, List.of()));

        assertThat(file.forgotten()).isTrue();
        assertThat(file.phase()).isEqualTo(
                new Phase.Failed(Stage.DELIVERY, Attempt.FIRST, new Failure(FailureKind.FORBIDDEN, "")));
        assertThat(file.changedAt()).isEqualTo(before.changedAt());
        assertThat(file.version()).isEqualTo(before.version() + 1);
        assertThat(file.target()).isNull();
        assertThat(file.receipt()).isNull();
        assertThat(file.failures()).isEqualTo(AttemptFailures.NONE);
    }

    @Test
    void shouldNotDeliverAgainWhatIsNotifiedOnceMore() {
        happens(Example.completed(Stage.DELIVERY, Attempt.FIRST));
        happens(Example.forget(1));

        assertThat(happens(Example.arrived())).isInstanceOf(Ignored.class);
        assertThat(happens(Example.resend(1, false))).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldTakeAnArrivalAfterTheRetentionForANewFile() {
        happens(Example.completed(Stage.DELIVERY, Attempt.FIRST));
        happens(Example.forget(1));

        happens(new FileEvent.Arrived(
                Example.ID, NOW.plus(Route.DEFAULT_RETENTION), Example.INVOICES, Example.OBJECT));

        assertThat(file.forgotten()).isFalse();
        assertThat(file.phase().attempt()).isEqualTo(new Attempt(2, 1));
        assertThat(file.source()).isEqualTo(Example.OBJECT);
    }

    @Test
    void shouldRefuseAnOpenFileAndOneInDoubt() {
        assertThat(happens(Example.forget(1)))
                .isEqualTo(new Ignored("only a file that has ended is forgotten, this one is PENDING: wait for its end,"
                        + " or cancel it"));
        happens(Example.failed(Stage.DELIVERY, Attempt.FIRST, FailureKind.IN_DOUBT));
        assertThat(((Ignored) happens(Example.forget(1))).reason()).contains("resolve it");
    }

    @Test
    void shouldIgnoreALateProofThatWouldBringTheNamesBack() {
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        happens(Example.forget(1));

        assertThat(happens(Example.completed(Stage.DELIVERY, Attempt.FIRST))).isInstanceOf(Ignored.class);
        assertThat(file.status()).isEqualTo(Status.TIMED_OUT);
    }
}
