package io.waybill.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

final class EvenTimeTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant wall = START;
    private Duration passed = Duration.ofDays(3);
    private final EvenTime time = new EvenTime(ProcessClock.of(() -> wall, () -> passed.toNanos()));

    @Test
    void shouldBeginWithTheTimeOfTheWallClock() {
        assertThat(time.milliseconds()).isEqualTo(START.toEpochMilli());
    }

    @Test
    void shouldGoOnEvenlyWhateverBecomesOfTheWallClock() {
        passed = passed.plusSeconds(5);
        wall = START.minus(Duration.ofHours(1));
        assertThat(time.milliseconds()).isEqualTo(START.plusSeconds(5).toEpochMilli());

        passed = passed.plusSeconds(5);
        wall = START.plus(Duration.ofDays(1));
        assertThat(time.milliseconds()).isEqualTo(START.plusSeconds(10).toEpochMilli());
    }

    @Test
    void shouldWaitUntilADeadlineThatItGave() {
        long deadline = time.milliseconds() + 1_000;
        assertThatCode(() -> time.waitObject(this, () -> true, deadline)).doesNotThrowAnyException();

        passed = passed.plusSeconds(1);
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> time.waitObject(this, () -> false, deadline));
    }
}
