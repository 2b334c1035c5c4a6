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
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The progress of the work in one partition, during one assignment to this worker. Records finish in any order. The
 * position is where the next owner must begin: the first record that is not finished. A later assignment of the same
 * partition has its own progress, so that nothing of an earlier one is ever taken for it. Any thread.
 */
public final class PartitionProgress implements OwnershipGuard {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionProgress.class);

    /**
     * The most records begun and ranges held back in a partition before the worker stops reading new records. A position
     * has at most one range more than that, and as many again that a former owner left. A range takes some 12 bytes, so all
     * together take 400 KB, far below the largest record of a broker (1 MB).
     */
    static final int MOST_PLACES = 16_384;

    private static final Home NOWHERE = new Home("", "");

    private final TopicPartition partition;
    private final LedgerEntries ledger;
    private final StagingTokens tokens;
    private final Set<Lane> lanes = ConcurrentHashMap.newKeySet();
    private final LaneAdmission admission;
    /** The ranges that a former owner finished, beyond everything read so far. */
    private List<Range> finishedBefore;

    private long next;
    private volatile long committed;
    private volatile boolean hasCommitted;
    private final Phaser publishing = new Phaser(1);
    private volatile Standing standing = Standing.OURS;
    private volatile @Nullable Supplier<Duration> left;

    /** For a partition on which no worker has worked. */
    public PartitionProgress(TopicPartition partition) {
        this(
                partition,
                0,
                List.of(),
                new LedgerEntries(Map.of(), new DeliveryIndex(), _ -> NameFolding.NONE),
                new StagingTokens("p" + partition.partition()));
    }

    /**
     * Continues where the ledger says.
     *
     * @param finishedBefore ranges beyond {@code next} that are done
     */
    public PartitionProgress(
            TopicPartition partition, long next, List<Range> finishedBefore, LedgerEntries ledger,
            StagingTokens tokens) {
        this(partition, next, finishedBefore, ledger, tokens, Integer.MAX_VALUE);
    }

    /**
     * Continues where the ledger says.
     *
     * @param span how many records may have begun and not finished
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
        /** Work that has begun may come to its end; no new work begins. */
        HANDING_OVER,
        ENDED
    }

    /** The partition of transfer-work. */
    public TopicPartition partition() {
        return partition;
    }

    /** The ledger's content about items of the partition that are neither done nor forgotten. */
    public LedgerEntries ledger() {
        return ledger;
    }

    /** Records that this assignment does work of a lane. */
    public void uses(Lane lane) {
        lanes.add(lane);
    }

    /** The lanes for which this assignment opens connections. No other partition has work of these lanes. */
    public Set<Lane> lanes() {
        return Set.copyOf(lanes);
    }

    /** The tokens in the names of this assignment's executions. */
    public StagingTokens tokens() {
        return tokens;
    }

    /** The same for a record without a lane. */
    public boolean begin(long offset) {
        return begin(offset, Optional.empty());
    }

    /**
     * Takes note of a record that was read. Offsets grow until {@link #seek} returns another offset.
     *
     * @return false if the record must not begin: a former owner has finished it, it has already begun, or its lane has no
     *         room and the record is held back
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

    /** Where to read next; empty if reading continues where it is. */
    public synchronized OptionalLong seek() {
        return admission.seek(next);
    }

    /**
     * Whether the worker must not read new records for now, because a position would have too many ranges.
     *
     * @param already whether that is the case so far
     */
    synchronized boolean full(boolean already) {
        return admission.atFrontier() && admission.places() >= (already ? MOST_PLACES - MOST_PLACES / 8 : MOST_PLACES);
    }

    /** Whether no record is under way or held back, and the assignment has not ended. */
    synchronized boolean idle() {
        return stands() && admission.places() == 0;
    }

    /** Everything before this offset was read. Offsets without a record are transaction markers, and done. */
    public synchronized void readUpTo(long offset) {
        next = Math.max(next, offset);
        if (!finishedBefore.isEmpty() && finishedBefore.getFirst().from() <= next) {
            finishedBefore = finishedBefore.stream().filter(range -> range.to() > next).toList();
        }
    }

    /** Records are finished for good: their results are committed. */
    public synchronized void finish(Collection<Long> offsets) {
        admission.finish(offsets);
    }

    /** The position of the partition if these records were finished as well. */
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

    /** The ledger contains this position from now on. */
    public void committed(Position position) {
        committed = position.next();
        hasCommitted = true;
    }

    /**
     * Whether this assignment has committed a position. If not, the group's offset may be another, or gone: Kafka removes
     * the offsets of a group that had no member for a week.
     */
    public boolean hasCommitted() {
        return hasCommitted;
    }

    /**
     * The position in the ledger. The next owner begins there, and everything before it is done for good. What this worker
     * has read and done by now may be further: an aborted transaction moves only the reading.
     */
    public long committedPosition() {
        return committed;
    }

    /** Whether the partition is further than its ledger says, because the worker read only markers. */
    public boolean uncommitted() {
        return positionAfter(Set.of(), NOWHERE).next() > committed;
    }

    @Override
    public boolean stands() {
        return standing == Standing.OURS;
    }

    /**
     * Proves that the partition still belongs to this assignment: commits nothing, which is refused to a former owner.
     * Waits for the commit, so that no other worker owned the partition at the time of the call.
     *
     * @param entries takes the entry to commit
     * @throws OwnershipLostException if that is not known to be committed
     */
    public void proveOwned(Consumer<CommitEntry> entries) throws OwnershipLostException {
        CommitEntry nothing = CommitEntry.finishing(this, OptionalLong.empty());
        entries.accept(nothing);
        nothing.awaitCommitted();
    }

    /** Whether entries of this assignment may still be committed. */
    public boolean commits() {
        return standing != Standing.ENDED;
    }

    /**
     * Announces that the intent of a file is about to be committed and the file to be published. The caller must call
     * {@link #published} later.
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

    /** The work that {@link #publishing} announced has ended and is posted to the committer. */
    public void published() {
        publishing.arriveAndDeregister();
    }

    /**
     * The worker is stopping: no new work begins, and work that has begun may come to its end, if it does so in time.
     *
     * @param time says how long the work may still take
     */
    public void drain(Supplier<Duration> time) {
        left = time;
    }

    @Override
    public Optional<Duration> limit() {
        Supplier<Duration> time = left;
        return time == null ? Optional.empty() : Optional.of(time.get());
    }

    /** No new work begins from now on. */
    public synchronized void handOver() {
        if (stands()) {
            standing = Standing.HANDING_OVER;
        }
    }

    /** Waits for files that are being published. Once, after {@link #handOver}. */
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
