package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Moved;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.CancelRequested;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileEvent.RedriveRequested;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A file of a route that this instance does not know yet. */
final class UnplacedTest {
    private static final Arrived ARRIVED =
            new Arrived(Example.ID, Example.NOW, Example.DELIVERY_ONLY.name(), Example.OBJECT);
    private static final FileState WAITING = waiting();

    private static FileState waiting() {
        Decision decision = Unplaced.arrived(ARRIVED, Example.NOW, Set.of(new RouteName("others")));
        return ((Moved) decision).state();
    }

    private static DeadlineReached now(FileState file) {
        return DeadlineReached.now(
                file, Example.NOW.plusSeconds(60), new DeadlineReached.Asked("state-processor", "known now"));
    }

    @Test
    void shouldWaitVisiblyUntilNobodyHasTakenItUpInTime() {
        assertThat(WAITING.status()).isEqualTo(Status.PENDING);
        assertThat(WAITING.phase()).isInstanceOfSatisfying(Phase.Waiting.class, waiting -> {
            assertThat(waiting.cause()).isEqualTo(Phase.Waiting.Cause.DEFERRAL);
            assertThat(waiting.reason().kind()).isEqualTo(FailureKind.UNKNOWN_DESTINATION);
            assertThat(waiting.reason().detail()).contains(Example.DELIVERY_ONLY.name().value(), "others");
            assertThat(waiting.deadline()).isEqualTo(
                    new Deadline(DeadlineKind.UNCLAIMED, Example.NOW.plus(Timeouts.DEFAULT.unclaimed())));
        });
        assertThat(WAITING.failures().all()).hasSize(1);
    }

    @Test
    void shouldBeSentAsSoonAsItsRouteIsKnown() {
        Decision decision = new Lifecycle(Example.DELIVERY_ONLY).apply(WAITING, now(WAITING));

        assertThat(decision).isInstanceOfSatisfying(Moved.class, moved -> {
            assertThat(moved.state().target()).isNotNull();
            assertThat(moved.state().phase()).isInstanceOf(Phase.Queued.class);
            assertThat(moved.state().phase().attempt()).isEqualTo(Attempt.FIRST);
            assertThat(moved.effects()).singleElement().isInstanceOf(Effect.Dispatch.class);
            assertThat(new Lifecycle(Example.DELIVERY_ONLY).apply(moved.state(), now(WAITING)))
                    .isInstanceOf(Decision.Ignored.class);
        });
    }

    @Test
    void shouldGoToImportersIfItsRouteIsAHostedDrop() {
        Decision decision = new Lifecycle(Example.HOSTED_DROP).apply(WAITING, now(WAITING));

        assertThat(decision).isInstanceOfSatisfying(Moved.class, moved -> {
            assertThat(moved.state().phase().stage()).isEqualTo(Stage.IMPORT);
            assertThat(moved.effects()).singleElement().isInstanceOf(Effect.Announce.class);
        });
    }

    @Test
    void shouldBeCancelledAndRedrivenLikeAnyFile() {
        var rules = new Lifecycle(Example.DELIVERY_ONLY);
        FileState cancelled = ((Moved) rules.apply(
                WAITING, new CancelRequested(Example.ID, Example.NOW, 1, "ann", "not wanted"))).state();

        Decision again = rules.apply(cancelled, new RedriveRequested(Example.ID, Example.NOW, 1, "ann", "after all"));

        assertThat(cancelled.status()).isEqualTo(Status.FAILED);
        assertThat(again).isInstanceOfSatisfying(
                Moved.class, moved -> assertThat(moved.effects()).hasSize(1));
    }

    @Test
    void shouldTryADeliveryForHoursAndAnImportAsBefore() {
        assertThat(RetryPolicy.DEFAULT.attempts(Stage.DELIVERY)).isEqualTo(40);
        assertThat(RetryPolicy.DEFAULT.attempts(Stage.IMPORT)).isEqualTo(8);
        assertThat(new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(1)).attempts(Stage.IMPORT))
                .isEqualTo(3);
    }
}
