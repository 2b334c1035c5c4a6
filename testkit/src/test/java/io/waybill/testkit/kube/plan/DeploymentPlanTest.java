package io.waybill.testkit.kube.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DeploymentPlanTest {
    private static final DeploymentPlan TWO = new DeploymentPlan(2, "new", 1, 0);

    @Test
    void shouldKeepAnOldPodUntilANewOneIsReady() {
        assertThat(TWO.next(List.of(pod(0, "old", true), pod(1, "old", true)), 2)).containsExactly(new Step.Create(2));
        assertThat(TWO.next(List.of(pod(0, "old", true), pod(1, "old", true), pod(2, "new", false)), 3)).isEmpty();
        assertThat(TWO.next(List.of(pod(0, "old", true), pod(1, "old", true), pod(2, "new", true)), 3))
                .containsExactly(new Step.Delete("pod-1"));
    }

    @Test
    void shouldTakeAwayWhatIsNotReadyAndThenTheYoungest() {
        var one = new DeploymentPlan(1, "new", 1, 0);

        assertThat(one.next(List.of(pod(0, "new", false), pod(1, "new", true)), 2))
                .containsExactly(new Step.Delete("pod-0"));
        assertThat(one.next(List.of(pod(0, "new", true), pod(1, "new", true)), 2))
                .containsExactly(new Step.Delete("pod-1"));
    }

    private static PodState pod(int number, String revision, boolean ready) {
        return new PodState("pod-" + number, number, revision, ready, false, number);
    }
}
