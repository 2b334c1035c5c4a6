package io.waybill.testkit.kube.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StatefulSetPlanTest {
    private static final StatefulSetPlan ORDERED = new StatefulSetPlan(3, false, "new", 0);
    private static final StatefulSetPlan PARALLEL = new StatefulSetPlan(3, true, "new", 0);

    @Test
    void shouldStartTheNextPodOnlyWhenTheOneBeforeIsReady() {
        assertThat(ORDERED.next(List.of())).containsExactly(new Step.Create(0));
        assertThat(ORDERED.next(List.of(starting(0)))).isEmpty();
        assertThat(ORDERED.next(List.of(ready(0)))).containsExactly(new Step.Create(1));
    }

    @Test
    void shouldStartAllAtOnceIfTheyMayBeParallel() {
        assertThat(PARALLEL.next(List.of(starting(1)))).containsExactly(new Step.Create(0), new Step.Create(2));
    }

    @Test
    void shouldEndTheHighestFirstAndTheNextWhenItIsGone() {
        var one = new StatefulSetPlan(1, false, "new", 0);

        assertThat(one.next(List.of(ready(0), ready(1), ready(2)))).containsExactly(new Step.Delete("pod-2"));
        assertThat(one.next(List.of(ready(0), ready(1), ending(2)))).isEmpty();
        assertThat(one.next(List.of(ready(0), ready(1)))).containsExactly(new Step.Delete("pod-1"));
    }

    @Test
    void shouldEndAllThatAreTooManyAtOnceIfTheyMayBeParallel() {
        assertThat(new StatefulSetPlan(1, true, "new", 0).next(List.of(ready(0), ready(1), ready(2))))
                .containsExactly(new Step.Delete("pod-2"), new Step.Delete("pod-1"));
    }

    @Test
    void shouldUpdateFromTheHighestToTheLowestAndWaitForEach() {
        assertThat(ORDERED.next(List.of(old(0), old(1), old(2)))).containsExactly(new Step.Delete("pod-2"));
        assertThat(ORDERED.next(List.of(old(0), old(1), ending(2)))).isEmpty();
        assertThat(ORDERED.next(List.of(old(0), old(1), starting(2)))).isEmpty();
        assertThat(ORDERED.next(List.of(old(0), old(1), ready(2)))).containsExactly(new Step.Delete("pod-1"));
        assertThat(PARALLEL.next(List.of(old(0), old(1), starting(2)))).isEmpty();
    }

    @Test
    void shouldUpdateNoPodBelowThePartition() {
        assertThat(new StatefulSetPlan(3, false, "new", 2).next(List.of(old(0), old(1), ready(2)))).isEmpty();
    }

    private static PodState ready(int ordinal) {
        return new PodState("pod-" + ordinal, ordinal, "new", true, false, ordinal);
    }

    private static PodState starting(int ordinal) {
        return new PodState("pod-" + ordinal, ordinal, "new", false, false, ordinal);
    }

    private static PodState ending(int ordinal) {
        return new PodState("pod-" + ordinal, ordinal, "new", false, true, ordinal);
    }

    private static PodState old(int ordinal) {
        return new PodState("pod-" + ordinal, ordinal, "old", true, false, ordinal);
    }
}
