package io.waybill.worker.partition;

import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Range;
import io.waybill.domain.NameFolding;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.ledger.DeliveryIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the work of one partition is, during one assignment of it to this worker. Records finish in any order; the
 * position is where the next owner must begin: the first record that is not finished. A later assignment of the same
 * partition has a progress of its own, so that nothing of an earlier one is ever taken for it. Any thread.
 */
public final class PartitionProgress implements OwnershipGuard {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionProgress.class);

    /**
     * So many records begun, and ranges of records held back, a partition has at most before nothing new is read. A
     * position has at most one range more than that, and as many again that a former owner left: of some 12 bytes each,
     * which is 400 KB together and far from what a broker takes as one record (1 MB).
     */
    static final int MOST_PLACES = 16_384;

    private static final Home NOWHERE = new Home("", "");

    private final TopicPartition partition;
    private final LedgerEntries ledger;
    private final StagingTokens tokens;
    private final Set<Lane> lanes = ConcurrentHashMap.newKeySet();
    private final LaneAdmission admission;
    /** What a former owner finished, beyond everything read so far. */
    private List<Range> finishedBefore;

    private long next;
    private volatile long committed;
    private final Phaser publishing = new Phaser(1);
    private volatile Standing standing = Standing.OURS;

    /** Of a partition that nobody has worked on. */
    public PartitionProgress(TopicPartition partition) {
        this(
                partition,
                0,
                List.of(),
                new LedgerEntries(Map.of(), new DeliveryIndex(), _ -> NameFolding.NONE),
                new StagingTokens("p" + partition.partition()));
    }

    /**
     * Goes on where the ledger says.
     *
     * @param finishedBefore what is done beyond {@code next}
     */
    public PartitionProgress(
            TopicPartition partition, long next, List<Range> finishedBefore, LedgerEntries ledger,
            StagingTokens tokens) {
        this(partition, next, finishedBefore, ledger, tokens, Integer.MAX_VALUE);
    }

    /**
     * Goes on where the ledger says.
     *
     * @param span how many records may be begun and not finished
     */
    public PartitionProgress(
            TopicPartition partition,
            long next,
            List<Range> finishedBefore,
            LedgerEntries ledger,
            StagingTokens tokens,
            int span) {
        this.partition = partition;
        this.admission = new LaneAdmission(span, next);
        this.next = next;
        this.committed = next;
        this.finishedBefore = finishedBefore;
        this.ledger = ledger;
        this.tokens = tokens;
    }

    private enum Standing {
        OURS,
        /** What is begun may be brought to its end, and nothing new is begun. */
        HANDING_OVER,
        ENDED
    }

    /** The partition of transfer-work. */
    public TopicPartition partition() {
        return partition;
    }

    /** What the ledger says of the partition's items that are neither done nor forgotten. */
    public LedgerEntries ledger() {
        return ledger;
    }

    /** Work of this lane is done under this assignment. */
    public void uses(Lane lane) {
        lanes.add(lane);
    }

    /** The lanes whose connections are made for this assignment; no other partition has work of theirs. */
    public Set<Lane> lanes() {
        return Set.copyOf(lanes);
    }

    /** The names of this assignment's executions. */
    public StagingTokens tokens() {
        return tokens;
    }

    /** Of a record that belongs to no lane. */
    public boolean begin(long offset) {
        return begin(offset, Optional.empty());
    }

    /**
     * A record was read; offsets grow until {@link #seek} says where to read on.
     *
     * @return false if it is not to be begun: a former owner has finished it, it is begun already, or its lane has enough
     *         and it is held back
     */
    public synchronized boolean begin(long offset, Optional<Lane> lane) {
        if (finishedBefore.stream().anyMatch(range -> range.contains(offset))) {
            admission.skip(offset);
            readUpTo(offset + 1);
            return false;
        }
        boolean admitted = admission.admit(offset, lane);
        readUpTo(offset + 1);
        return admitted;
    }

    /** Where to read on, if elsewhere than the reading stands. */
    public synchronized OptionalLong seek() {
        return admission.seek(next);
    }

    /**
     * Whether nothing new is to be read for now, because a position would have too many ranges.
     *
     * @param already whether it is so until now
     */
    synchronized boolean full(boolean already) {
        return admission.atFrontier() && admission.places() >= (already ? MOST_PLACES - MOST_PLACES / 8 : MOST_PLACES);
    }

    /** Everything below was read; offsets that no record had are markers of transactions, and done. */
    public synchronized void readUpTo(long offset) {
        next = Math.max(next, offset);
        if (!finishedBefore.isEmpty() && finishedBefore.getFirst().from() <= next) {
            finishedBefore = finishedBefore.stream().filter(range -> range.to() > next).toList();
        }
    }

    /** Records are finished for good: what they led to is committed. */
    public synchronized void finish(Collection<Long> offsets) {
        admission.finish(offsets);
    }

    /** Where the partition would stand if these records were finished as well. */
    public synchronized Position positionAfter(Collection<Long> finished, Home home) {
        List<Range> done = new ArrayList<>();
        List<Range> unfinished = admission.unfinished(finished);
        long position = unfinished.isEmpty() ? next : unfinished.getFirst().from();
        long from = position;
        for (Range range : unfinished) {
            add(done, from, range.from());
            from = range.to();
        }
        add(done, from, next);
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
    public void committed(Position position) {
        committed = position.next();
    }

    /**
     * The position that stands in the ledger: the next owner begins there, and everything before it is done for good. Not
     * what is read and done by now, which may lie beyond: transactions that were aborted move only the reading.
     */
    public long committedPosition() {
        return committed;
    }

    /** Whether the partition stands further on than its ledger says, because only markers were read. */
    public boolean uncommitted() {
        return positionAfter(Set.of(), NOWHERE).next() > committed;
    }

    @Override
    public boolean stands() {
        return standing == Standing.OURS;
    }

    /**
     * Shows that the partition is still this assignment's: commits nothing, which is refused to an owner of the past. Waits
     * for the commit, so that nobody else owned the partition when this was called.
     *
     * @param entries takes what is to be committed
     * @throws OwnershipLostException if that is not known to be committed
     */
    public void proveOwned(Consumer<CommitEntry> entries) throws OwnershipLostException {
        CommitEntry nothing = CommitEntry.finishing(this, OptionalLong.empty());
        entries.accept(nothing);
        nothing.awaitCommitted();
    }

    /** Whether what came about under this assignment may still be committed. */
    public boolean commits() {
        return standing != Standing.ENDED;
    }

    /**
     * A file's intent is about to be committed, and the file to be published; to be followed by {@link #published}.
     *
     * @return false if it is too late for that
     */
    public synchronized boolean publishing() {
        if (!stands()) {
            return false;
        }
        publishing.register();
        return true;
    }

    /** What {@link #publishing} announced has come to its end, and to the committer. */
    public void published() {
        publishing.arriveAndDeregister();
    }

    /** From now on nothing new is begun. */
    public synchronized void handOver() {
        if (stands()) {
            standing = Standing.HANDING_OVER;
        }
    }

    /** Waits for what is being published. Once, after {@link #handOver}. */
    public void awaitPublished(Duration patience) {
        try {
            publishing.awaitAdvanceInterruptibly(publishing.arrive(), patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.atInfo()
                    .addKeyValue("partition", partition.partition())
                    .log("The worker leaves files that are being published to the next owner, which settles them");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The assignment is over, or can no longer be relied on. */
    public void end() {
        standing = Standing.ENDED;
    }

    @Override
    public String toString() {
        return partition + " " + standing;
    }
}
