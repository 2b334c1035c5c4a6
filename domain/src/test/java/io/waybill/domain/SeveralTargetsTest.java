package io.waybill.domain;

import static io.waybill.domain.Example.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Effect.Dispatch;
import io.waybill.domain.Effect.GiveUp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators see of a file that is redriven to another target while it is not known what became of it at the first. */
final class SeveralTargetsTest {
    private static final Route HERE = Example.DELIVERY_ONLY;
    private static final Route THERE = Example.route(Example.delivery("/elsewhere/{name}"), false);
    private static final Attempt FIRST = Attempt.FIRST;
    private static final Attempt SECOND = FIRST.nextSending();

    private Route route = HERE;
    private FileState file = ((Moved) new Lifecycle(HERE).apply(null, Example.arrived())).state();
    private List<Effect> effects = List.of();

    private Decision happens(FileEvent event) {
        FileState before = file;
        Decision decision = new Lifecycle(route).apply(file, event);
        if (decision instanceof Moved(var state, var told)) {
            file = state;
            effects = told;
        }
        released = Controls.released(before, event, decision);
        return decision;
    }

    private boolean released;

    private void timesOutAndIsRedrivenThere() {
        happens(Example.deadline(DeadlineKind.UNCLAIMED, file.version()));
        route = THERE;
        happens(Example.redrive(1));
    }

    private static FileEvent doubt(Attempt attempt) {
        return Example.failed(Stage.DELIVERY, attempt, FailureKind.IN_DOUBT);
    }

    private Failure failure() {
        return ((Phase.Failed) file.phase()).failure();
    }

    private int settledSendings() {
        return effects.stream()
                .filter(Dispatch.class::isInstance)
                .map(effect -> ((Dispatch) effect).work().settledSendings())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldHearOfADoubtAboutTheFirstTargetAfterOneAboutTheSecondWasResolved() {
        timesOutAndIsRedrivenThere();
        happens(doubt(SECOND));
        happens(Example.resolve(2, Resolution.RESEND));
        assertThat(settledSendings()).isEqualTo(2);

        happens(doubt(FIRST));

        assertThat(LateReports.inDoubt(file.phase())).isTrue();
        assertThat(failure().detail()).startsWith("sending 1: ");
        assertThat(effects).containsExactly(new GiveUp(new Control(file.id(), 3, Control.Kind.CANCELLED, NOW)));
        assertThat(happens(doubt(FIRST))).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldHearOfADoubtAboutTheSecondTargetAfterOneAboutTheFirstWasResolved() {
        timesOutAndIsRedrivenThere();
        happens(doubt(FIRST));
        happens(Example.resolve(2, Resolution.RESEND));

        happens(doubt(SECOND));

        assertThat(LateReports.inDoubt(file.phase())).isTrue();
        assertThat(failure().detail()).startsWith("sending 2: ");
    }

    @Test
    void shouldTellOfBothDoubtsWhenTheSecondComesBeforeTheFirstIsResolved() {
        timesOutAndIsRedrivenThere();
        happens(doubt(SECOND));

        assertThat(happens(doubt(FIRST))).isInstanceOf(Moved.class);

        assertThat(failure().detail()).isEqualTo("sending 1: as the example has it; as the example has it");
        assertThat(happens(doubt(FIRST))).isInstanceOf(Ignored.class);
        assertThat(happens(doubt(SECOND))).isInstanceOf(Ignored.class);
        happens(Example.resolve(2, Resolution.RESEND));
        assertThat(happens(doubt(FIRST))).isInstanceOf(Ignored.class);
        assertThat(happens(doubt(SECOND))).isInstanceOf(Ignored.class);
    }

    @Test
    void shouldLetTheWorkerOfTheFirstTargetFindWhatBecameOfItWhenTheFileComesBack() {
        timesOutAndIsRedrivenThere();
        happens(doubt(SECOND));
        route = HERE;

        happens(Example.resolve(2, Resolution.RESEND));

        assertThat(settledSendings()).isZero();
        assertThat(file.settledSendings()).isEqualTo(2);
    }

    @Test
    void shouldStillTellTheWorkersOfTheSecondTargetWhenTheProofOfTheFirstIsRepeated() {
        for (Route second : List.of(THERE, Example.route(Example.delivery("/elsewhere/{name}"), true))) {
            route = HERE;
            file = ((Moved) new Lifecycle(HERE).apply(null, Example.arrived())).state();
            timesOutAndIsRedrivenThere();
            route = second;
            happens(Example.completed(Stage.DELIVERY, FIRST));
            assertThat(effects).contains(new GiveUp(new Control(file.id(), 2, Control.Kind.CANCELLED, NOW)));

            happens(Example.completed(Stage.DELIVERY, FIRST));

            assertThat(released).isFalse();
            assertThat(Controls.mayStand(file)).isTrue();
        }
    }

    @Test
    void shouldStillTellTheWorkersOfTheFirstTargetWhileTheFileIsImported() {
        route = HERE;
        timesOutAndIsRedrivenThere();
        route = Example.route(Example.delivery("/elsewhere/{name}"), true);
        happens(Example.completed(Stage.DELIVERY, SECOND));
        assertThat(file.phase().stage()).isEqualTo(Stage.IMPORT);

        happens(Example.deferred(Stage.DELIVERY, SECOND, NOW));
        assertThat(released).isFalse();
        happens(Example.completed(Stage.DELIVERY, SECOND));
        assertThat(released).isFalse();
        happens(Example.failed(Stage.DELIVERY, FIRST, FailureKind.CANCELLED));
        assertThat(released).isTrue();
    }
}
