package io.waybill.state.http;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;

/** So many a second and no more, evenly. One thread. */
public final class Pace {
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    private final Duration step;
    private final ProcessClock clock;
    private final Waiting waiting;
    private long next;

    /** Lets a time pass. */
    @FunctionalInterface
    public interface Waiting {
        void during(Duration time) throws InterruptedException;
    }

    /**
     * @param perSecond 1 or more
     */
    Pace(int perSecond, ProcessClock clock, Waiting waiting) {
        this.step = Duration.ofNanos(NANOS / perSecond);
        this.clock = clock;
        this.waiting = waiting;
        this.next = clock.nanos();
    }

    /** Waits for the next turn; the first comes at once. */
    void turn() throws InterruptedException {
        long now = clock.nanos();
        if (next - now > 0) {
            waiting.during(Duration.ofNanos(next - now));
        }
        // Time that was lost is not made up for: a burst is what the pace is there to prevent.
        next = (now - next > 0 ? now : next) + step.toNanos();
    }
}
