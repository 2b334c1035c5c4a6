package io.waybill.runtime.streams;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many failures in a while are borne before one is called permanent. Safe for several threads. */
final class FailureBudget {
    private final int failures;
    private final Duration window;
    private final InstantSource clock;
    private final Deque<Instant> recent = new ArrayDeque<>();

    /**
     * @param failures borne within the window; the next one is too many
     */
    FailureBudget(int failures, Duration window, InstantSource clock) {
        this.failures = failures;
        this.window = window;
        this.clock = clock;
    }

    /** Counts a failure; whether it is still borne. */
    synchronized boolean bears() {
        Instant now = clock.instant();
        while (!recent.isEmpty() && recent.getFirst().plus(window).isBefore(now)) {
            recent.removeFirst();
        }
        recent.addLast(now);
        return recent.size() <= failures;
    }
}
