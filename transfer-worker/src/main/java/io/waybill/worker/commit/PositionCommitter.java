package io.waybill.worker.commit;

import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Commits positions that no finished file commits: that of a partition that was just taken over, and one that only
 * transaction markers moved. The group's offsets are committed with them. What scales workers by the group's lag would
 * otherwise count the whole topic after the offsets of an empty group have expired, and a marker at the end of an idle
 * partition as work. The polling thread calls it; it never waits.
 */
public final class PositionCommitter {
    /**
     * While no work comes, nothing else is committed. A partition whose ledger cannot be written is taken over again and
     * again, and each time without an entry until the period is over.
     */
    static final Duration PERIOD = Duration.ofSeconds(5);

    private final Consumer<CommitEntry> entries;
    private final ProcessClock time;
    /** The assignments with an entry that is neither committed nor dropped. */
    private final Set<PartitionProgress> underWay = ConcurrentHashMap.newKeySet();
    private long next;

    /**
     * @param entries takes the entries to commit
     */
    public PositionCommitter(Consumer<CommitEntry> entries, ProcessClock time) {
        this.entries = entries;
        this.time = time;
        this.next = time.after(PERIOD);
    }

    /** Posts an entry for each partition that needs one, once a period. */
    public void handOut(Collection<PartitionProgress> owned) {
        if (!time.isOver(next)) {
            return;
        }
        next = time.after(PERIOD);
        for (PartitionProgress progress : owned) {
            if (!progress.hasCommitted() || progress.uncommitted()) {
                post(progress);
            }
        }
    }

    private void post(PartitionProgress progress) {
        if (!underWay.add(progress)) {
            return;
        }
        CommitEntry entry = CommitEntry.finishing(progress, OptionalLong.empty());
        var _ = entry.committed().whenComplete((_, _) -> underWay.remove(progress));
        entries.accept(entry);
    }
}
