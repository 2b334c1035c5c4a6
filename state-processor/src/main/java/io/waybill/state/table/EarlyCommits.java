package io.waybill.state.table;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Says when a decision is worth a commit of its own. What is decided is seen by others only once it is committed, and on
 * an idle stack the interval would be most of the time that a file takes. So the first decision after a pause is committed
 * at once; under load the interval alone decides, and there are at most twice as many commits as without this. Any thread.
 */
final class EarlyCommits {
    private final InstantSource clock;
    private final Duration interval;
    private Instant last = Instant.MIN;

    /**
     * @param interval after which commits come by themselves
     */
    EarlyCommits(InstantSource clock, Duration interval) {
        this.clock = clock;
        this.interval = interval;
    }

    /** Whether to commit now; once in an interval. */
    synchronized boolean due() {
        Instant now = clock.instant();
        boolean due = last.plus(interval).isBefore(now) || last.isAfter(now);
        if (due) {
            last = now;
        }
        return due;
    }
}
