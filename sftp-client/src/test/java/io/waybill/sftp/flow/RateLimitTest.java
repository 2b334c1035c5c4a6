package io.waybill.sftp.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
    private static final int PER_SECOND = 1_000_000;
    private static final int PER_TICK = PER_SECOND / 20;

    @Test
    void shouldSendNoMoreThanIsAllowedWhoeverSends() throws Exception {
        var limit = RateLimit.of(PER_SECOND);
        var sent = new CountDownLatch(40);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                var _ = threads.submit(() -> {
                    for (int j = 0; j < 10; j++) {
                        limit.await(PER_TICK);
                        sent.countDown();
                    }
                    return sent;
                });
            }
            for (int ticks = 0; !sent.await(1, TimeUnit.MILLISECONDS); ticks++) {
                assertThat(40 - sent.getCount()).isLessThanOrEqualTo(ticks);
                limit.tick();
            }
        }
    }

    @Test
    void shouldPayForMoreThanATickAfterwards() throws Exception {
        var limit = RateLimit.of(PER_SECOND);
        limit.tick();
        limit.await(3 * PER_TICK);
        var next = Thread.ofVirtual().start(() -> {
            try {
                limit.await(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        limit.tick();
        limit.tick();
        assertThat(next.join(Duration.ofMillis(1))).isFalse();
        limit.tick();

        assertThat(next.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void shouldNotHoldUpWhereThereIsNoLimit() throws Exception {
        try (var ticker = Executors.newSingleThreadScheduledExecutor()) {
            var limit = RateLimit.of(OptionalInt.empty(), ticker);

            limit.await(Integer.MAX_VALUE);
            limit.await(Integer.MAX_VALUE);
        }
    }
}
