package io.waybill.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FailureBudgetTest {
    private Instant wall = Instant.EPOCH;
    private long nanos;
    private final FailureBudget budget =
            new FailureBudget(2, Duration.ofMinutes(5), ProcessClock.of(() -> wall, () -> nanos));

    @Test
    void shouldBearAsManyFailuresAsItHas() {
        assertThat(budget.bears()).isTrue();
        assertThat(budget.bears()).isTrue();
        assertThat(budget.bears()).isFalse();
    }

    @Test
    void shouldForgetFailuresThatAreLongPast() {
        budget.bears();
        budget.bears();
        wall = wall.minus(Duration.ofHours(1));
        nanos += Duration.ofMinutes(6).toNanos();

        assertThat(budget.bears()).isTrue();
    }
}
