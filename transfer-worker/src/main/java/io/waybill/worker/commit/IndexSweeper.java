package io.waybill.worker.commit;

import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Removes expired entries from the delivery index, a few hundred at a time. The polling thread calls it. */
public final class IndexSweeper {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** How wrong two clocks may be together: the writer's clock may be behind, and the clock of this worker ahead. */
    private static final Duration WRONG_CLOCKS = Duration.ofHours(25);

    private final Consumer<CommitEntry> entries;
    private final ProcessClock time;
    private long next;

    public IndexSweeper(Consumer<CommitEntry> entries, ProcessClock time) {
        this.entries = entries;
        this.time = time;
        this.next = time.after(PERIOD);
    }

    /** Requests a sweep for each partition that has expired entries, once a period. */
    public void handOut(Iterable<PartitionProgress> owned) {
        if (!time.isOver(next)) {
            return;
        }
        next = time.after(PERIOD);
        // The wall clock: other processes have written entries too.
        Instant now = time.instant().minus(WRONG_CLOCKS);
        for (PartitionProgress progress : owned) {
            if (progress.ledger().index().expiredAhead(now)) {
                entries.accept(CommitEntry.sweeping(progress, now));
            }
        }
    }
}
