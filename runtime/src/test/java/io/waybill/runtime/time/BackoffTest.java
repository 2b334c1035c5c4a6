package io.waybill.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void shouldDoubleUpToTheLongest() {
        var backoff = new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(15));

        assertThat(IntStream.rangeClosed(1, 5).mapToObj(backoff::after))
                .containsExactly(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(15));
    }

    @Test
    void shouldStayAtTheLongestHoweverManyFail() {
        var backoff = new Backoff(Duration.ofMillis(1), Duration.ofHours(1));

        assertThat(backoff.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void shouldRefuseWaitsThatDoNotGrow() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }
}
