package io.waybill.state.http;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;

/** Lets so many pass a second and no more, evenly. One thread. */
public final class RateLimiter {
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    private final Duration step;
    private final ProcessClock clock;
    private final Sleeper sleeper;
    private long next;

    /** Sleeps; a test lets its own clock go on instead. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /**
     * @param perSecond 1 or more
     */
    RateLimiter(int perSecond, ProcessClock clock, Sleeper sleeper) {
        this.step = Duration.ofNanos(NANOS / perSecond);
        this.clock = clock;
        this.sleeper = sleeper;
        this.next = clock.nanos();
    }

    /** Waits for the next turn; the first comes at once. */
    void acquire() throws InterruptedException {
        long now = clock.nanos();
        if (next - now > 0) {
            sleeper.sleep(Duration.ofNanos(next - now));
        }
        // Time that was lost is not made up for: a burst is what the limit is there to prevent.
        next = (now - next > 0 ? now : next) + step.toNanos();
    }
}
