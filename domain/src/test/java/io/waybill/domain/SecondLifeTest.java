package io.waybill.domain;

import static io.waybill.domain.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Effect.Announce;
import io.waybill.domain.Effect.Dispatch;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An object that is notified again after the retention of its file is a new file, also where the old one is remembered. */
final class SecondLifeTest {
    private static final Lifecycle RULES = new Lifecycle(Example.DELIVERY_ONLY);
    private static final Instant LATER = NOW.plus(Route.DEFAULT_RETENTION);

    private FileState file = ((Moved) RULES.apply(null, Example.arrived())).state();
    private List<Effect> effects = List.of();

    private Decision happens(FileEvent event) {
        return happens(RULES, event);
    }

    private Decision happens(Lifecycle rules, FileEvent event) {
        Decision decision = rules.apply(file, event);
        if (decision instanceof Moved(var state, var told)) {
            file = state;
            effects = told;
        }
        return decision;
    }

    private static FileEvent arrived(Instant at) {
        return new FileEvent.Arrived(Example.ID, at, Example.INVOICES, Example.OBJECT);
    }

    private TransferWork work() {
        return ((Dispatch) effects.getFirst()).work();
    }

    @Test
    void shouldSendAgainAnObjectThatIsNotifiedAgainAfterItsRetention() {
        happens(Example.completed(Stage.DELIVERY, Attempt.FIRST));

        happens(arrived(LATER));

        assertThat(file.status()).isEqualTo(Status.PENDING);
        assertThat(file.receipt()).isNull();
        assertThat(file.arrivedAt()).isEqualTo(LATER);
        assertThat(work().attempt()).isEqualTo(new Attempt(2, 1));
        // So that the worker does not take the delivery of the first life for one of the second.
        assertThat(work().settledSendings()).isEqualTo(1);
        assertThat(happens(arrived(LATER))).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldTakeAnObjectThatIsNotifiedAgainWithinItsRetentionForTheSameFile() {
        happens(Example.completed(Stage.DELIVERY, Attempt.FIRST));

        assertThat(happens(arrived(LATER.minusMillis(1)))).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldTakeAnOldNotificationThatIsRepeatedForTheSameFile() {
        happens(Example.completed(Stage.DELIVERY, Attempt.FIRST));

        assertThat(RULES.apply(file, arrived(NOW), LATER)).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldNotDeliverTwiceWhatAWorkerOfTheFirstLifeDeliversInTheSecond() {
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));

        happens(arrived(LATER));
        assertThat(work().settledSendings()).isZero();
        happens(Example.completed(Stage.DELIVERY, Attempt.FIRST));

        assertThat(file.phase()).isEqualTo(new Phase.Completed(Stage.DELIVERY, Attempt.FIRST, true));
    }

    @Test
    void shouldTellImportersOfNoTargetWhereTheRouteNoLongerDelivers() {
        happens(Example.completed(Stage.DELIVERY, Attempt.FIRST));

        happens(new Lifecycle(Example.HOSTED_DROP), arrived(LATER));

        assertThat(file.target()).isNull();
        assertThat(((Announce) effects.getFirst()).file().target()).isNull();
    }

    @Test
    void shouldNotSendAgainWhatIsInDoubtWithoutAPerson() {
        happens(Example.failed(Stage.DELIVERY, Attempt.FIRST, FailureKind.IN_DOUBT));

        assertThat(happens(arrived(LATER))).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldGiveASecondLifeSendingsThatTheWorkersWereToldNothingOf() {
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        happens(Example.redrive(1));
        happens(Example.completed(Stage.DELIVERY, Attempt.FIRST));
        assertThat(file.sendings().givenUp()).isEqualTo(new Attempt(2, 1));

        happens(arrived(LATER));

        assertThat(work().attempt()).isEqualTo(new Attempt(3, 1));
    }

    @Test
    void shouldTellTheImportersOfASecondLife() {
        var drop = new Lifecycle(Example.HOSTED_DROP);
        file = ((Moved) drop.apply(null, Example.arrived())).state();
        happens(drop, Example.completed(Stage.IMPORT, Attempt.FIRST));

        happens(drop, arrived(LATER));

        assertThat(effects).hasOnlyElementsOfType(Announce.class).hasSize(1);
    }
}
