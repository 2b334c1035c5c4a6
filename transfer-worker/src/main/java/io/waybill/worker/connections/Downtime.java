package io.waybill.worker.connections;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Release;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one worker knows about the outage of one place: since when, why, and when it tries again. The owner has a lock for
 * all methods except {@link #release}, {@link #outage} and {@link #nextTry}, which any thread may call.
 */
final class Downtime {
    private final ProcessClock time;
    private final RandomGenerator random;
    private volatile @Nullable Outage outage;
    /** The strongest release since the last try. */
    private volatile Release.@Nullable Cause released;

    /**
     * @param random randomises the delays
     */
    Downtime(ProcessClock time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /**
     * An outage of the place.
     *
     * @param pace     how soon the next try comes
     * @param failures failures in a row at this pace, 1 or more
     * @param tried    when the last try ended, by the process's own clock
     * @param delay    between the last try and the next
     * @param failure  the failure of the last try
     */
    record Outage(Instant began, Pace pace, int failures, long tried, Duration delay, Failure failure) {
        private long next() {
            return tried + delay.toNanos();
        }
    }

    enum Pace {
        /** The place does not answer; it may be up again soon. */
        BRISK(Duration.ofSeconds(5), Duration.ofMinutes(10)),
        /**
         * The server refused the login, or its host key is not pinned. Repeated tries lock accounts and get networks
         * banned, and people must act.
         */
        SLOW(Duration.ofMinutes(5), Duration.ofHours(1));

        private final Duration shortest;
        private final Duration longest;

        Pace(Duration shortest, Duration longest) {
            this.shortest = shortest;
            this.longest = longest;
        }

        static Pace of(FailureKind kind) {
            return kind == FailureKind.AUTHENTICATION || kind == FailureKind.HOST_KEY ? SLOW : BRISK;
        }

        /** The longest wait after this many failures in a row. */
        Duration ceiling(int failures) {
            return new Backoff(shortest, longest).after(failures);
        }
    }

    boolean down() {
        return outage != null;
    }

    /** The outage, if no try may begin now. */
    Optional<Outage> blocking() {
        return Optional.ofNullable(outage).filter(known -> !time.isOver(next(known)));
    }

    /** A release moves the next try forward. */
    private long next(Outage known) {
        Release.Cause cause = released;
        return switch (cause) {
            case ASKED -> known.tried();
            case CONNECTED -> Math.min(known.next(), known.tried() + known.pace().shortest.toNanos());
            case STARTED -> known.next();
            case null -> known.next();
        };
    }

    /** When the next try may begin, as a wall-clock time, for callers and logs. */
    Instant nextTry(Outage known) {
        return time.instant().plus(time.until(next(known)));
    }

    /**
     * When a caller that is refused comes back, if nobody releases it before. Spread over the longest delay: the caller of
     * the last try also makes the next one, and a success releases all.
     */
    Instant comeBack(Outage known) {
        return nextTry(known).plus(random(known.pace().longest));
    }

    private Duration random(Duration below) {
        return Duration.ofMillis(random.nextLong(below.toMillis()));
    }

    /** A try begins. */
    void trying() {
        released = null;
    }

    /** A try failed. */
    Outage failed(Failure failure) {
        Outage before = outage;
        Pace pace = Pace.of(failure.kind());
        if (before != null && before.pace() == Pace.SLOW) {
            // A server that banned a network for its failed logins looks like a server that is down.
            pace = Pace.SLOW;
        }
        int failures = before != null && before.pace() == pace ? before.failures() + 1 : 1;
        // At least half of the ceiling, so that the delays grow; less than the whole ceiling, so that the workers' tries
        // spread.
        Duration half = pace.ceiling(failures).dividedBy(2);
        var found = new Outage(
                before == null ? time.instant() : before.began(),
                pace,
                failures,
                time.nanos(),
                half.plus(random(half)),
                failure);
        outage = found;
        return found;
    }

    /** Whether an outage is worth a line in the log: it is new, or its delays still grow. */
    static boolean grows(Optional<Outage> before, Outage after) {
        return before.filter(known -> known.pace() == after.pace()
                && known.pace().ceiling(known.failures()).equals(after.pace().ceiling(after.failures())))
                .isEmpty();
    }

    Optional<Outage> outage() {
        return Optional.ofNullable(outage);
    }

    /** A try succeeded. Returns the outage that is over. */
    Optional<Outage> succeeded() {
        Optional<Outage> over = outage();
        outage = null;
        released = null;
        return over;
    }

    /**
     * Somebody says that the place may be tried.
     *
     * @return whether that moves the next try forward
     */
    boolean release(Release.Cause cause) {
        Outage known = outage;
        if (known == null || cause == Release.Cause.STARTED) {
            return false;
        }
        long before = next(known);
        if (released != Release.Cause.ASKED) {
            released = cause;
        }
        return before - next(known) > 0;
    }
}
