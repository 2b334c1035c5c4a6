package io.waybill.e2e.crash;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions that nobody announces. */
final class Waiting {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Waiting() {}

    /** A condition that may have to ask somebody. */
    interface Condition {
        boolean holds() throws InterruptedException;
    }

    /** Returns when the condition holds; fails if that takes longer than a minute. */
    static void until(String what, Condition condition) throws InterruptedException {
        until(what, LIMIT, condition);
    }

    static void until(String what, Duration limit, Condition condition) throws InterruptedException {
        long latest = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - latest > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
