package io.waybill.runtime.time;

import java.time.Duration;

/** Lets a number of calls pass per second, evenly. For one thread. */
public final class RateLimiter {
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    private final Duration step;
    private final ProcessClock clock;
    private final Pause pause;
    private long next;

    /**
     * @param perSecond calls per second, 1 or more
     */
    public RateLimiter(int perSecond, ProcessClock clock, Pause pause) {
        this.step = Duration.ofNanos(NANOS / perSecond);
        this.clock = clock;
        this.pause = pause;
        this.next = clock.nanos();
    }

    /** Waits for the next turn. The first turn comes at once. */
    public void acquire() throws InterruptedException {
        long now = clock.nanos();
        if (next - now > 0) {
            pause.take(Duration.ofNanos(next - now));
        }
        // Lost time is not made up for, because the limit must prevent bursts.
        next = (now - next > 0 ? now : next) + step.toNanos();
    }
}
