package io.waybill.testkit.kube.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class GroupLagTest {
    private static final GroupLag LAG = new GroupLag(5, 0, true, false, true, false);

    @Test
    void shouldCountWhatIsBehindAndNoMorePodsThanPartitionsWithLag() {
        assertThat(LAG.of(Map.of("a", 10L, "b", 3L), Map.of("a", 7L, "b", 3L))).isEqualTo(new Reading(3, 5, true));
        // A hundred records are worth twenty pods, but one partition feeds one.
        assertThat(LAG.of(Map.of("a", 100L, "b", 3L), Map.of("a", 0L, "b", 3L))).isEqualTo(new Reading(5, 5, true));
    }

    @Test
    void shouldLimitToAllPartitionsIfNotToThoseWithLag() {
        assertThat(
                new GroupLag(5, 0, false, false, true, false).of(Map.of("a", 100L, "b", 3L), Map.of("a", 0L, "b", 3L)))
                .isEqualTo(new Reading(10, 5, true));
    }

    @Test
    void shouldTakeTheWholeLogForLagWithoutAnOffset() {
        assertThat(LAG.of(Map.of("a", 4L), Map.of())).isEqualTo(new Reading(4, 5, true));
        assertThat(new GroupLag(5, 0, true, false, false, false).of(Map.of("a", 4L), Map.of()))
                .isEqualTo(new Reading(1, 5, true));
        assertThat(new GroupLag(5, 0, true, false, true, true).of(Map.of("a", 4L), Map.of()))
                .isEqualTo(new Reading(0, 5, false));
    }

    @Test
    void shouldBeActiveOnlyAboveItsThreshold() {
        assertThat(new GroupLag(5, 3, true, false, true, false).of(Map.of("a", 3L), Map.of("a", 0L)).active())
                .isFalse();
        assertThat(new GroupLag(5, 3, true, false, true, false).of(Map.of("a", 4L), Map.of("a", 0L)).active())
                .isTrue();
    }
}
