package io.waybill.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Duration;
import java.util.HashSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class RetryPolicyTest {
    private static final long LONGEST = RetryPolicy.LONGEST_BACKOFF.toMillis();

    private static FileId file(int number) {
        return FileId.of(Example.INVOICES, "outbound", "file-" + number, "v:1");
    }

    @Property(tries = 5000, seed = "3")
    void shouldWaitMoreThanNothingAndNoLongerThanTheBounds(
            @ForAll @LongRange(min = 1, max = 3_000_000_000_000L) long backoff,
            @ForAll @LongRange(min = 0, max = 3_000_000_000_000L) long more,
            @ForAll @IntRange(min = 1) int sending,
            @ForAll @IntRange(min = 1) int attempt) {
        long ceiling = Math.min(LONGEST, backoff + more);
        var policy = new RetryPolicy(
                Integer.MAX_VALUE, Duration.ofMillis(Math.min(backoff, ceiling)), Duration.ofMillis(ceiling));

        Duration delay = policy.delayAfter(file(attempt), new Attempt(sending, attempt));

        BigInteger doubled = BigInteger.valueOf(backoff).shiftLeft(Math.min(attempt - 1, 100));
        assertThat(delay).isPositive().isLessThanOrEqualTo(policy.maxBackoff());
        assertThat(BigInteger.valueOf(delay.toMillis())).isLessThanOrEqualTo(doubled);
        assertThat(policy.delayAfter(file(attempt), new Attempt(sending, attempt))).isEqualTo(delay);
    }

    @Test
    void shouldSpreadFilesThatFailedTogetherEvenlyOverTheDelay() {
        var policy = new RetryPolicy(8, Duration.ofSeconds(1), Duration.ofMinutes(10));
        int[] tenths = new int[10];
        for (int i = 0; i < 10_000; i++) {
            // The fourth attempt waits at most 8 s.
            tenths[(int) ((policy.delayAfter(file(i), new Attempt(1, 4)).toMillis() - 1) / 800)]++;
        }

        assertThat(IntStream.of(tenths).boxed()).allSatisfy(count -> assertThat(count).isBetween(850, 1150));
    }

    @Test
    void shouldDrawEachAttemptOfAFileAnew() {
        var policy = new RetryPolicy(100, Duration.ofHours(1), Duration.ofHours(1));
        var delays = new HashSet<Duration>();
        for (int attempt = 1; attempt <= 100; attempt++) {
            delays.add(policy.delayAfter(Example.ID, new Attempt(1, attempt)));
            delays.add(policy.delayAfter(Example.ID, new Attempt(2, attempt)));
        }

        assertThat(delays).hasSizeGreaterThan(190);
    }

    @Test
    void shouldStayWithinTheLargestBoundsThatAreTaken() {
        var policy = new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(1), RetryPolicy.LONGEST_BACKOFF);

        assertThat(policy.delayAfter(Example.ID, new Attempt(Integer.MAX_VALUE, Integer.MAX_VALUE)))
                .isPositive()
                .isLessThanOrEqualTo(RetryPolicy.LONGEST_BACKOFF);
    }

    @Test
    void shouldRefuseWhatNobodyCanWaitFor() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(0, second, second))
                .withMessageContaining("was: 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, Duration.ZERO, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, Duration.ofNanos(999_999), second));
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(1, Duration.ofSeconds(2), second));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, second, Duration.ofSeconds(Long.MAX_VALUE)))
                .withMessageContaining("36500 days");
    }
}
