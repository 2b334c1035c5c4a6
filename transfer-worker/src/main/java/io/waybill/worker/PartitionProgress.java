package io.waybill.worker;

import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Range;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the work of one partition is, during one assignment of it to this worker. Records finish in any order; the
 * position is where the next owner must begin: the first record that is not finished. A later assignment of the same
 * partition has a progress of its own, so that nothing of an earlier one is ever taken for it. Any thread.
 */
final class PartitionProgress implements Mandate {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionProgress.class);

    private static final Home NOWHERE = new Home("", "");

    private final TopicPartition partition;
    private final Marks marks;
    private final Tokens tokens;
    private final Set<Lane> lanes = ConcurrentHashMap.newKeySet();
    private final NavigableSet<Long> unfinished = new TreeSet<>();
    /** What a former owner finished, beyond everything read so far. */
    private List<Range> finishedBefore;

    private long next;
    private volatile long committed;
    private final Phaser publishing = new Phaser(1);
    private volatile Standing standing = Standing.OURS;

    /** Of a partition that nobody has worked on. */
    PartitionProgress(TopicPartition partition) {
        this(partition, 0, List.of(), new Marks(Map.of()), new Tokens("p" + partition.partition()));
    }

    /**
     * Goes on where the ledger says.
     *
     * @param finishedBefore what is done beyond {@code next}
     */
    PartitionProgress(
            TopicPartition partition, long next, List<Range> finishedBefore, Marks marks, Tokens tokens) {
        this.partition = partition;
        this.next = next;
        this.committed = next;
        this.finishedBefore = finishedBefore;
        this.marks = marks;
        this.tokens = tokens;
    }

    private enum Standing {
        OURS,
        /** What is begun may be brought to its end, and nothing new is begun. */
        HANDING_OVER,
        ENDED
    }

    TopicPartition partition() {
        return partition;
    }

    /** The marks of the partition's items that are neither done nor forgotten. */
    Marks marks() {
        return marks;
    }

    /** Work of this lane is done under this assignment. */
    void uses(Lane lane) {
        lanes.add(lane);
    }

    /** The lanes whose connections are made for this assignment; no other partition has work of theirs. */
    Set<Lane> lanes() {
        return Set.copyOf(lanes);
    }

    /** The names of this assignment's executions. */
    Tokens tokens() {
        return tokens;
    }

    /**
     * A record was read; offsets only grow.
     *
     * @return false if a former owner has finished it
     */
    synchronized boolean begin(long offset) {
        boolean finished = finishedBefore.stream().anyMatch(range -> range.contains(offset));
        if (!finished) {
            unfinished.add(offset);
        }
        readUpTo(offset + 1);
        return !finished;
    }

    /** Everything below was read; offsets that no record had are markers of transactions, and done. */
    synchronized void readUpTo(long offset) {
        next = Math.max(next, offset);
        if (!finishedBefore.isEmpty() && finishedBefore.getFirst().from() <= next) {
            finishedBefore = finishedBefore.stream().filter(range -> range.to() > next).toList();
        }
    }

    /** Records are finished for good: what they led to is committed. */
    synchronized void finish(Collection<Long> offsets) {
        unfinished.removeAll(offsets);
    }

    /** Where the partition would stand if these records were finished as well. */
    synchronized Position positionAfter(Collection<Long> finished, Home home) {
        List<Range> done = new ArrayList<>();
        long position = -1;
        long from = 0;
        for (long offset : unfinished) {
            if (finished.contains(offset)) {
                continue;
            }
            if (position < 0) {
                position = offset;
            } else {
                add(done, from, offset);
            }
            from = offset + 1;
        }
        if (position < 0) {
            position = next;
        } else {
            add(done, from, next);
        }
        for (Range range : finishedBefore) {
            if (range.from() <= position) {
                position = Math.max(position, range.to());
            } else {
                add(done, Math.max(range.from(), next), range.to());
            }
        }
        return new Position(position, done, home.clusterId(), home.topicId());
    }

    private static void add(List<Range> ranges, long from, long to) {
        if (from >= to) {
            return;
        }
        if (!ranges.isEmpty() && ranges.getLast().to() == from) {
            ranges.set(ranges.size() - 1, new Range(ranges.getLast().from(), to));
        } else {
            ranges.add(new Range(from, to));
        }
    }

    /** The ledger says this from now on. */
    void committed(Position position) {
        committed = position.next();
    }

    /**
     * The position that stands in the ledger: the next owner begins there, and everything before it is done for good. Not
     * what is read and done by now, which may lie beyond: transactions that were aborted move only the reading.
     */
    long committedPosition() {
        return committed;
    }

    /** Whether the partition stands further on than its ledger says, because only markers were read. */
    boolean uncommitted() {
        return positionAfter(Set.of(), NOWHERE).next() > committed;
    }

    /** How many offsets have been read from the position on. */
    synchronized long ahead() {
        return unfinished.isEmpty() ? 0 : next - unfinished.first();
    }

    @Override
    public boolean stands() {
        return standing == Standing.OURS;
    }

    /** Whether what came about under this assignment may still be committed. */
    boolean commits() {
        return standing != Standing.ENDED;
    }

    /**
     * A file's intent is about to be committed, and the file to be published; to be followed by {@link #published}.
     *
     * @return false if it is too late for that
     */
    synchronized boolean publishing() {
        if (!stands()) {
            return false;
        }
        publishing.register();
        return true;
    }

    /** What {@link #publishing} announced has come to its end, and to the committer. */
    void published() {
        publishing.arriveAndDeregister();
    }

    /** From now on nothing new is begun. */
    synchronized void handOver() {
        if (stands()) {
            standing = Standing.HANDING_OVER;
        }
    }

    /** Waits for what is being published. Once, after {@link #handOver}. */
    void awaitPublished(Duration patience) {
        try {
            publishing.awaitAdvanceInterruptibly(publishing.arrive(), patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.atInfo()
                    .addKeyValue("partition", partition.partition())
                    .log("Files being published are left to the next owner, who settles them");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The assignment is over, or can no longer be relied on. */
    void end() {
        standing = Standing.ENDED;
    }

    @Override
    public String toString() {
        return partition + " " + standing;
    }
}
