package io.waybill.testkit.kube.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.kube.scale.ScaleRules.Policy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AutoscalerTest {
    private static final List<Policy> MANY = List.of(new Policy(false, 100, Duration.ofSeconds(15)));

    @Test
    void shouldAddWhatTheValueAsksForUpToTheMost() {
        var autoscaler = new Autoscaler(rules(1, Duration.ZERO, MANY));

        assertThat(autoscaler.next(at(0), 1, lag(12))).isEqualTo(3);
        assertThat(autoscaler.next(at(15), 3, lag(500))).isEqualTo(6);
    }

    @Test
    void shouldLeaveThingsAsTheyAreWithinATenth() {
        var autoscaler = new Autoscaler(rules(1, Duration.ZERO, MANY));

        assertThat(autoscaler.next(at(0), 2, lag(10.9))).isEqualTo(2);
        assertThat(autoscaler.next(at(15), 2, lag(11.1))).isEqualTo(3);
    }

    @Test
    void shouldTakeNobodyAwayBeforeFewerWereEnoughForTheWholeWindow() {
        var autoscaler = new Autoscaler(rules(1, Duration.ofSeconds(60), MANY));

        assertThat(autoscaler.next(at(0), 4, lag(20))).isEqualTo(4);
        assertThat(autoscaler.next(at(30), 4, lag(0))).isEqualTo(4);
        assertThat(autoscaler.next(at(59), 4, lag(0))).isEqualTo(4);
        assertThat(autoscaler.next(at(61), 4, lag(0))).isEqualTo(1);
    }

    @Test
    void shouldTakeOnePodAwayInEachPeriodIfThePolicySaysSo() {
        var slowly = List.of(new Policy(false, 1, Duration.ofSeconds(30)));
        var autoscaler = new Autoscaler(rules(1, Duration.ZERO, slowly));

        assertThat(autoscaler.next(at(0), 4, lag(0))).isEqualTo(3);
        assertThat(autoscaler.next(at(15), 3, lag(0))).isEqualTo(3);
        assertThat(autoscaler.next(at(30), 3, lag(0))).isEqualTo(2);
    }

    @Test
    void shouldLetTheLastPodGoOnlyAfterTheCooldownAndWakeOneAtOnce() {
        var autoscaler = new Autoscaler(rules(0, Duration.ZERO, MANY));

        assertThat(autoscaler.next(at(0), 1, lag(1))).isEqualTo(1);
        assertThat(autoscaler.next(at(99), 1, lag(0))).isEqualTo(1);
        assertThat(autoscaler.next(at(100), 1, lag(0))).isZero();
        assertThat(autoscaler.next(at(200), 0, lag(0))).isZero();
        assertThat(autoscaler.next(at(201), 0, lag(1))).isEqualTo(1);
    }

    private static ScaleRules rules(int min, Duration downWindow, List<Policy> down) {
        return new ScaleRules(
                min, 6, Duration.ofSeconds(30), Duration.ofSeconds(100), Duration.ZERO, MANY, downWindow, down);
    }

    private static Duration at(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static List<Reading> lag(double value) {
        return List.of(new Reading(value, 5, value > 0));
    }
}
