package io.waybill.domain;

import java.time.Duration;

/**
 * How often and how soon a failed attempt is tried again: exponential back-off with full jitter (Brooker, "Exponential
 * Backoff and Jitter", AWS Architecture Blog, 2015).
 *
 * @param maxAttempts attempts of one sending at DELIVERY, 1 or more
 * @param maxImports  attempts of one sending at IMPORT, 1 or more
 * @param backoff     upper bound of the first delay, 1 ms or more
 * @param maxBackoff  upper bound of any delay, at most {@link #LONGEST_BACKOFF}
 */
public record RetryPolicy(int maxAttempts, int maxImports, Duration backoff, Duration maxBackoff) {
    /** No delay is longer. This is far beyond any use, and sums of instants still do not overflow. */
    public static final Duration LONGEST_BACKOFF = Duration.ofDays(36_500);

    /** A delivery is tried for some hours: most faults of partners and networks last longer than a minute. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(40, 8, Duration.ofSeconds(1), Duration.ofMinutes(10));

    public RetryPolicy {
        if (maxAttempts < 1 || maxImports < 1) {
            throw new IllegalArgumentException(
                    "maxAttempts must be 1 or more, but was: " + Math.min(maxAttempts, maxImports));
        }
        if (backoff.compareTo(Duration.ofMillis(1)) < 0
                || maxBackoff.compareTo(backoff) < 0
                || maxBackoff.compareTo(LONGEST_BACKOFF) > 0) {
            throw new IllegalArgumentException("backoff must be 1 ms or more and at most maxBackoff, which must be at"
                    + " most " + LONGEST_BACKOFF.toDays() + " days, but they were: " + backoff + " and " + maxBackoff);
        }
    }

    /** The same number of attempts at both stages. */
    public RetryPolicy(int maxAttempts, Duration backoff, Duration maxBackoff) {
        this(maxAttempts, maxAttempts, backoff, maxBackoff);
    }

    /** The attempts of one sending at a stage. */
    public int attempts(Stage stage) {
        return switch (stage) {
            case DELIVERY -> maxAttempts;
            case IMPORT -> maxImports;
        };
    }

    /**
     * The wait after a failed attempt, in whole milliseconds: more than zero, at most {@code backoff * 2^(number-1)}
     * and {@code maxBackoff}.
     *
     * <p>The jitter is a hash of file and attempt, not a random number. So the rules stay a pure function, and files
     * that failed together still come back at different times.
     */
    public Duration delayAfter(FileId file, Attempt failed) {
        long ceiling = maxBackoff.toMillis();
        int doublings = Math.min(failed.number() - 1, 62);
        long unjittered = backoff.toMillis() > ceiling >> doublings ? ceiling : backoff.toMillis() << doublings;
        return Duration.ofMillis(1 + Long.remainderUnsigned(spread(file, failed), unjittered));
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): neighbouring inputs give unrelated outputs. */
    private static long spread(FileId file, Attempt attempt) {
        // The hash of the text, not of the record, because only String specifies its hash.
        long mixed =
                file.value().hashCode() * 0x9e3779b97f4a7c15L + ((long) attempt.sending() << 32) + attempt.number();
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
