package io.waybill.state.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** So many a second and no more, evenly. One thread. */
public final class Pace {
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    private final Duration step;
    private final InstantSource clock;
    private final Waiting waiting;
    private Instant next;

    /** Lets a time pass. */
    @FunctionalInterface
    public interface Waiting {
        void during(Duration time) throws InterruptedException;
    }

    /**
     * @param perSecond 1 or more
     */
    Pace(int perSecond, InstantSource clock, Waiting waiting) {
        this.step = Duration.ofNanos(NANOS / perSecond);
        this.clock = clock;
        this.waiting = waiting;
        this.next = clock.instant();
    }

    /** Waits for the next turn; the first comes at once. */
    void turn() throws InterruptedException {
        Instant now = clock.instant();
        Duration early = Duration.between(now, next);
        if (early.isPositive()) {
            // Never longer than a step: a clock that is set back must not hold the request.
            waiting.during(early.compareTo(step) > 0 ? step : early);
        }
        // Time that was lost is not made up for: a burst is what the pace is there to prevent.
        next = (now.isAfter(next) ? now : next).plus(step);
    }
}
