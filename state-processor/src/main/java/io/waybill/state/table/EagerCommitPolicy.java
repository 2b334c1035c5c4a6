package io.waybill.state.table;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;

/**
 * Decides whether a decision gets its own commit. Other services see a decision only after its commit. On an idle stack
 * the commit interval would be most of the time that a file takes. So a decision is committed at once, unless there were
 * many just before it. Under load only the interval counts, because a commit writes to every partition of every topic that
 * is written to, even if there are few records. For any thread.
 *
 * <p>It counts decisions and does not wait for a pause between two of them: files that come in twos and threes are no load,
 * and the decisions about one partner's files must not hold up those about another's.
 */
final class EagerCommitPolicy {
    /** A hundred decisions a second, those of some forty files, are not yet a load. */
    static final int MANY = 10;

    static final Duration WINDOW = Duration.ofMillis(100);

    private final ProcessClock clock;
    /** When the last decisions were made, the oldest at {@link #oldest}. */
    private final long[] made = new long[MANY];
    private int known;
    private int oldest;

    EagerCommitPolicy(ProcessClock clock) {
        this.clock = clock;
    }

    /** Notes a decision, and says whether to commit it now. */
    synchronized boolean due() {
        boolean few = known < MANY || clock.since(made[oldest]).compareTo(WINDOW) >= 0;
        made[oldest] = clock.nanos();
        oldest = (oldest + 1) % MANY;
        known = Math.min(known + 1, MANY);
        return few;
    }
}
