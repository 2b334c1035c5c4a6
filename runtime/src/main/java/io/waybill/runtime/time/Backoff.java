package io.waybill.runtime.time;

import java.time.Duration;

/**
 * Waits that double from one failure to the next, up to a longest one. The user of this type adds the random part of a
 * wait.
 *
 * @param first   after one failure, 1 ms to a year
 * @param longest as long as the first, or longer
 */
public record Backoff(Duration first, Duration longest) {
    /** More doublings make no difference: the longest wait is reached. */
    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("waits from " + first + " to " + longest + " do not grow");
        }
    }

    /** The wait after this number of failures in a row, 1 or more. */
    public Duration after(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
