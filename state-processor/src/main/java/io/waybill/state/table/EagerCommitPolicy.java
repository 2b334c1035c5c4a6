package io.waybill.state.table;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;

/**
 * Says when a decision is worth a commit of its own. What is decided is seen by others only once it is committed, and on
 * an idle stack the interval would be most of the time that a file takes. So the first decision after a pause is committed
 * at once. Under load there are no pauses, and the interval alone decides: a commit writes to every partition of every
 * topic that is written to, however few records that are. Any thread.
 */
final class EagerCommitPolicy {
    /** Fifty files a second are no load. */
    static final Duration PAUSE = Duration.ofMillis(20);

    private final ProcessClock clock;
    private long last;
    private boolean any;

    EagerCommitPolicy(ProcessClock clock) {
        this.clock = clock;
    }

    /** Takes note of a decision, and says whether to commit it now. */
    synchronized boolean due() {
        boolean due = !any || clock.since(last).compareTo(PAUSE) >= 0;
        any = true;
        last = clock.nanos();
        return due;
    }
}
