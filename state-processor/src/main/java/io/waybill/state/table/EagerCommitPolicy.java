package io.waybill.state.table;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;

/**
 * Decides whether a decision gets its own commit. Other services see a decision only after its commit. On an idle stack
 * the commit interval would be most of the time that a file takes. So the first decision after a pause is committed at
 * once. Under load there are no pauses, and only the interval counts, because a commit writes to every partition of
 * every topic that is written to, even if there are few records. For any thread.
 */
final class EagerCommitPolicy {
    /** Fifty files a second are not yet a load. */
    static final Duration PAUSE = Duration.ofMillis(20);

    private final ProcessClock clock;
    private long last;
    private boolean any;

    EagerCommitPolicy(ProcessClock clock) {
        this.clock = clock;
    }

    /** Notes a decision, and says whether to commit it now. */
    synchronized boolean due() {
        boolean due = !any || clock.since(last).compareTo(PAUSE) >= 0;
        any = true;
        last = clock.nanos();
        return due;
    }
}
