package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StartPatienceTest {
    private long nanos;
    private final StartPatience patience = new StartPatience(
            Duration.ofSeconds(60), Duration.ofMinutes(15), ProcessClock.of(() -> Instant.EPOCH, () -> nanos));

    private void passes(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void shouldWaitForAProcessThatWorksHoweverSlowly() {
        for (int second = 1; second < 10 * 60; second++) {
            passes(Duration.ofSeconds(1));
            assertThat(patience.fault(Duration.ofMillis(10 * second))).isEmpty();
        }
    }

    @Test
    void shouldWaitAMinuteForAProcessThatDoesNothing() {
        passes(Duration.ofSeconds(5));
        assertThat(patience.fault(Duration.ofMillis(1500))).isEmpty();
        passes(Duration.ofSeconds(59));
        assertThat(patience.fault(Duration.ofMillis(1500))).isEmpty();
        passes(Duration.ofSeconds(1));
        assertThat(patience.fault(Duration.ofMillis(1500)))
                .hasValue("it made no progress for 60 s, after 1.5 s of processor time");
    }

    @Test
    void shouldGiveUpAProcessThatWorksForEverAndIsNeverReady() {
        for (int minute = 1; minute < 15; minute++) {
            passes(Duration.ofSeconds(59));
            assertThat(patience.fault(Duration.ofMinutes(minute))).isEmpty();
        }
        passes(Duration.ofSeconds(75));
        assertThat(patience.fault(Duration.ofMinutes(15)))
                .hasValue("it is not ready after 901 s, after 900.0 s of processor time");
    }
}
