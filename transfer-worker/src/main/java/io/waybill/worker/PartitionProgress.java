package io.waybill.worker;

import java.util.Collection;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the work of one partition is, during one assignment of it to this worker. Records finish in any order; the
 * position is where the next owner must begin: the first record that is not finished. A later assignment of the same
 * partition has a progress of its own, so that nothing of an earlier one is ever taken for it. Any thread.
 */
final class PartitionProgress implements Mandate {
    private final TopicPartition partition;
    private final NavigableSet<Long> unfinished = new TreeSet<>();
    private long next;
    private volatile boolean stands = true;

    PartitionProgress(TopicPartition partition) {
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    /** A record was read; offsets only grow. */
    synchronized void begin(long offset) {
        unfinished.add(offset);
        next = offset + 1;
    }

    /** Everything below was read; offsets that no record had are markers of transactions, and done. */
    synchronized void readUpTo(long offset) {
        next = Math.max(next, offset);
    }

    /** Records are finished for good: what they led to is committed. */
    synchronized void finish(Collection<Long> offsets) {
        unfinished.removeAll(offsets);
    }

    /** The position if these records were finished as well. */
    synchronized long positionAfter(Collection<Long> finished) {
        for (long offset : unfinished) {
            if (!finished.contains(offset)) {
                return offset;
            }
        }
        return next;
    }

    /** How many offsets have been read from the position on. */
    synchronized long ahead() {
        return unfinished.isEmpty() ? 0 : next - unfinished.first();
    }

    @Override
    public boolean stands() {
        return stands;
    }

    /** The assignment is over, or can no longer be relied on. */
    void end() {
        stands = false;
    }

    @Override
    public String toString() {
        return partition + (stands ? "" : " (ended)");
    }
}
