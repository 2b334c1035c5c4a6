package io.waybill.worker.commit;

import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Has entries taken out of the delivery index that have expired, a few hundred at a time. Called by the thread that polls. */
public final class IndexSweeper {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** How wrong two clocks may be together: that of who wrote an entry, behind, and that of who forgets it, ahead. */
    private static final Duration WRONG_CLOCKS = Duration.ofHours(25);

    private final Consumer<CommitEntry> entries;
    private final ProcessClock time;
    private long next;

    public IndexSweeper(Consumer<CommitEntry> entries, ProcessClock time) {
        this.entries = entries;
        this.time = time;
        this.next = time.after(PERIOD);
    }

    /** Asks for it where something has expired, if it is time to. */
    public void handOut(Iterable<PartitionProgress> owned) {
        if (!time.isOver(next)) {
            return;
        }
        next = time.after(PERIOD);
        // By the wall clock: entries are of other processes, too.
        Instant now = time.instant().minus(WRONG_CLOCKS);
        for (PartitionProgress progress : owned) {
            if (progress.ledger().index().expiredAhead(now)) {
                entries.accept(CommitEntry.sweeping(progress, now));
            }
        }
    }
}
