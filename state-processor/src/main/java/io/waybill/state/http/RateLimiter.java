package io.waybill.state.http;

import io.waybill.runtime.time.Pause;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;

/** Lets so many pass a second and no more, evenly. One thread. */
final class RateLimiter {
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    private final Duration step;
    private final ProcessClock clock;
    private final Pause pause;
    private long next;

    /**
     * @param perSecond 1 or more
     */
    RateLimiter(int perSecond, ProcessClock clock, Pause pause) {
        this.step = Duration.ofNanos(NANOS / perSecond);
        this.clock = clock;
        this.pause = pause;
        this.next = clock.nanos();
    }

    /** Waits for the next turn; the first comes at once. */
    void acquire() throws InterruptedException {
        long now = clock.nanos();
        if (next - now > 0) {
            pause.take(Duration.ofNanos(next - now));
        }
        // Time that was lost is not made up for: a burst is what the limit is there to prevent.
        next = (now - next > 0 ? now : next) + step.toNanos();
    }
}
