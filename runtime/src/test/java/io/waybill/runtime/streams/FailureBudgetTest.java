package io.waybill.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FailureBudgetTest {
    private Instant now = Instant.EPOCH;
    private final FailureBudget budget = new FailureBudget(2, Duration.ofMinutes(5), () -> now);

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
        now = now.plus(Duration.ofMinutes(6));

        assertThat(budget.bears()).isTrue();
    }
}
