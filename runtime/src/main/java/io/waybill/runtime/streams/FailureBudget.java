package io.waybill.runtime.streams;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many failures within a time are tolerated before the failure counts as permanent. Safe for several threads. */
final class FailureBudget {
    private final int failures;
    private final Duration window;
    private final ProcessClock clock;
    private final Deque<Long> recent = new ArrayDeque<>();

    /**
     * @param failures tolerated within the window; the next one is too many
     */
    FailureBudget(int failures, Duration window, ProcessClock clock) {
        this.failures = failures;
        this.window = window;
        this.clock = clock;
    }

    /** Counts a failure; true if it is still tolerated. */
    synchronized boolean bears() {
        while (!recent.isEmpty() && clock.since(recent.getFirst()).compareTo(window) > 0) {
            recent.removeFirst();
        }
        recent.addLast(clock.nanos());
        return recent.size() <= failures;
    }
}
