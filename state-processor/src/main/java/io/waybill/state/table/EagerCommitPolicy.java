package io.waybill.state.table;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides whether a decision gets its own commit. Other services see a decision only after its commit. On an idle stack
 * the commit interval would be most of the time that a file takes. So a decision is committed at once, unless there were
 * many just before it. Under load only the interval counts, because a commit writes to every partition of every topic that
 * is written to, even if there are few records. For any thread.
 *
 * <p>Commits can be slow: each takes some tens of milliseconds on busy brokers. Then a commit for each decision limits the
 * whole service to a dozen decisions a second, and few decisions in a window no longer mean that there is little to do. So a
 * decision about an event that has already waited is left to the interval, together with those that wait behind it.
 *
 * <p>It counts decisions and does not wait for a pause between two of them: files that come in twos and threes are no load,
 * and the decisions about one partner's files must not hold up those about another's.
 */
final class EagerCommitPolicy {
    /** A hundred decisions a second, those of some forty files, are not yet a load. */
    static final int MANY = 10;

    static final Duration WINDOW = Duration.ofMillis(100);

    /** Longer than an event takes through idle brokers and one commit of its writer. */
    static final Duration WAITED = Duration.ofMillis(300);

    private final ProcessClock clock;
    /** When the last decisions were made, the oldest at {@link #oldest}. */
    private final long[] made = new long[MANY];
    private int known;
    private int oldest;

    EagerCommitPolicy(ProcessClock clock) {
        this.clock = clock;
    }

    /**
     * Notes a decision, and says whether to commit it now.
     *
     * @param written when its event was written, by the clock of the writer: one that is behind leaves each of its decisions
     *                to the interval, one that is ahead has none left to it for having waited
     */
    synchronized boolean due(Instant written) {
        boolean few = known < MANY || clock.since(made[oldest]).compareTo(WINDOW) >= 0;
        made[oldest] = clock.nanos();
        oldest = (oldest + 1) % MANY;
        known = Math.min(known + 1, MANY);
        return few && Duration.between(written, clock.instant()).compareTo(WAITED) < 0;
    }
}
