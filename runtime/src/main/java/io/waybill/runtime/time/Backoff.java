package io.waybill.runtime.time;

import java.time.Duration;

/**
 * Waits that double from one failure to the next, up to a longest one. How much of a wait is left to chance, its user says.
 *
 * @param first   after one failure, 1 ms to a year
 * @param longest as long as the first, or longer
 */
public record Backoff(Duration first, Duration longest) {
    /** More make no difference: the longest wait is reached. */
    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("waits from " + first + " to " + longest + " do not grow");
        }
    }

    /** The wait after so many failures in a row, 1 or more. */
    public Duration after(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
