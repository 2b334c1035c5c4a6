package io.waybill.worker.commit;

import io.waybill.runtime.time.Pause;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.Ownership;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects commit entries for a few milliseconds and commits them together. {@link #run} runs on the committer's own
 * thread; any thread may call the other methods.
 *
 * <p>The committer commits an entry only under the assignment under which the entry was made, and with the group's metadata
 * of the same moment. It drops every other entry. If the outcome of a transaction is unknown, all assignments end, and the
 * committer asks the polling side to start again from the committed positions. If the committer can commit nothing for one
 * partition for a while, only that assignment ends, and the polling side notices.
 */
public final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private static final int MOST_ENTRIES = 1000;
    private static final int MOST_TRIES = 100;
    /** How long the committer tries to commit the entries of several partitions together. */
    private static final Duration LONGEST_ABORTED = Duration.ofMinutes(1);
    /**
     * With this many entries in a transaction, the time spent on collecting costs less than the transactions that it saves.
     */
    private static final int MANY_ENTRIES = 32;
    private static final Duration LONGEST_LINGER = Duration.ofMillis(50);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final int MOST_PAUSES = 40;

    private final Transactor transactor;
    private final Supplier<Ownership> ownership;
    private final Runnable beginAgain;
    private final Duration linger;
    private final WorkerMetrics metrics;
    private final Pause pause;
    private final ProcessClock time;
    private final BlockingQueue<Posting> postings = new LinkedBlockingQueue<>();
    /** The entries of the next transaction so far. Used by the committing thread only. */
    private final List<Posting> collected = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean ended;
    /** How long to collect entries now: as long as the last transaction took, if it had many. */
    private Duration underLoad;

    /**
     * @param ownership  returns what is owned now
     * @param beginAgain asks the polling side to read again from the committed positions; does not wait
     * @param linger     how long to collect entries for one transaction while there are few
     */
    public Committer(
            Transactor transactor,
            Supplier<Ownership> ownership,
            Runnable beginAgain,
            Duration linger,
            WorkerMetrics metrics,
            ProcessClock time) {
        this(transactor, ownership, beginAgain, linger, metrics, null, time);
    }

    /**
     * Like the other constructor.
     *
     * @param pause taken before the committer tries an aborted transaction again; null: lasts its full time or until {@link
     *              #stop}
     */
    public Committer(
            Transactor transactor,
            Supplier<Ownership> ownership,
            Runnable beginAgain,
            Duration linger,
            WorkerMetrics metrics,
            @Nullable Pause pause,
            ProcessClock time) {
        this.transactor = transactor;
        this.ownership = ownership;
        this.beginAgain = beginAgain;
        this.linger = linger;
        this.underLoad = linger;
        this.metrics = metrics;
        this.pause = pause == null ? Pause.until(stopping) : pause;
        this.time = time;
    }

    private sealed interface Posting {}

    private record ToCommit(CommitEntry entry) implements Posting {}

    /** A marker: when its latch opens, everything that was posted before it is committed or dropped. */
    private record Settled(CountDownLatch latch) implements Posting {}

    /**
     * Queues an entry to be committed; does not wait. An entry that comes after the end is not committed, and its future
     * says so.
     */
    public void post(CommitEntry entry) {
        postings.add(new ToCommit(entry));
        if (ended) {
            // The committer no longer takes the entry. A thread that waits for it must know.
            entry.committed().complete(false);
        }
    }

    /**
     * Waits until everything that was posted so far is committed or dropped.
     *
     * @return false if that takes longer than {@code patience}; it may still happen later
     */
    public boolean settle(Duration patience) {
        if (ended) {
            return false;
        }
        var latch = new CountDownLatch(1);
        postings.add(new Settled(latch));
        try {
            return latch.await(patience.toMillis(), TimeUnit.MILLISECONDS) && !ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Commits until {@link #stop}, and then commits what is already posted. */
    public void run() throws InterruptedException {
        try (transactor) {
            transactor.open();
            while (stopping.getCount() > 0 || !postings.isEmpty()) {
                collect(postings.take());
                commitPosted(MOST_ENTRIES);
            }
        } finally {
            ended = true;
            postings.forEach(Committer::release);
        }
    }

    /** Makes {@link #run} return; does not wait. */
    public void stop() {
        stopping.countDown();
        postings.add(new Settled(new CountDownLatch(1))); // wakes the thread that waits for entries
    }

    /**
     * Commits what is posted, without waiting for more. {@link #run} repeats this step.
     *
     * @param most the most entries of one transaction
     * @return false if nothing was posted
     */
    public boolean commitPosted(int most) throws InterruptedException {
        postings.drainTo(collected, most - collected.size());
        if (collected.isEmpty()) {
            return false;
        }
        var together = List.copyOf(collected);
        collected.clear();
        commit(together);
        return true;
    }

    private void collect(Posting first) throws InterruptedException {
        collected.add(first);
        long until = time.after(underLoad);
        postings.drainTo(collected, MOST_ENTRIES);
        while (collected.size() < MOST_ENTRIES && !endsWithSettled(collected)) {
            long left = time.until(until).toNanos();
            @Nullable Posting next = left <= 0 ? null : postings.poll(left, TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            collected.add(next);
            postings.drainTo(collected, MOST_ENTRIES - collected.size());
        }
    }

    /** A thread waits for the marker, so there is no time to collect more. */
    private static boolean endsWithSettled(List<Posting> collected) {
        return collected.getLast() instanceof Settled;
    }

    private void commit(List<Posting> together) throws InterruptedException {
        List<CommitEntry> entries = together.stream()
                .flatMap(posting -> switch (posting) {
                    case ToCommit(CommitEntry entry) -> Stream.of(entry);
                    case Settled _ -> Stream.empty();
                })
                .toList();
        try {
            commitEntries(entries);
        } finally {
            for (Posting posting : together) {
                release(posting);
            }
        }
    }

    private static void release(Posting posting) {
        switch (posting) {
            case Settled(CountDownLatch latch) -> latch.countDown();
            // Has no effect on an entry that is committed.
            case ToCommit(CommitEntry entry) -> entry.committed().complete(false);
        }
    }

    private void commitEntries(List<CommitEntry> entries) throws InterruptedException {
        long first = time.nanos();
        for (int tried = 1;; tried++) {
            Ownership owned = ownership.get();
            List<CommitEntry> ours = entries.stream().filter(r -> owned.includes(r.progress())).toList();
            if (ours.isEmpty()) {
                return;
            }
            long began = time.nanos();
            switch (transactor.transact(ours, owned)) {
                case COMMITTED -> {
                    Duration took = time.since(began);
                    metrics.committed(took, ours.size());
                    collectAfter(took, ours.size());
                    ours.forEach(entry -> entry.committed().complete(true));
                    return;
                }
                case UNKNOWN -> {
                    owned.partitions().values().forEach(PartitionProgress::end);
                    beginAgain.run();
                    return;
                }
                case ABORTED -> {
                    if (time.since(first).compareTo(LONGEST_ABORTED) >= 0) {
                        commitApart(ours);
                        return;
                    }
                    if (tried == MOST_TRIES) {
                        throw new IllegalStateException(
                                "a transaction of " + ours.size() + " entries was aborted " + tried + " times");
                    }
                    // The usual reason is old group metadata. The polling side is about to learn the new metadata.
                    pause.take(PAUSE.multipliedBy(Math.min(tried, MOST_PAUSES)));
                }
            }
        }
    }

    /**
     * If the brokers cannot write a partition of the ledger or of the index, every transaction with that partition is
     * aborted. So the committer commits each partition alone. A partition whose transaction is aborted even then gives up
     * its assignment, and starts again when its ledger can be read.
     */
    private void commitApart(List<CommitEntry> entries) throws InterruptedException {
        Map<PartitionProgress, List<CommitEntry>> apart =
                entries.stream()
                        .collect(Collectors.groupingBy(CommitEntry::progress, LinkedHashMap::new, Collectors.toList()));
        if (apart.size() > 1) {
            for (List<CommitEntry> one : apart.values()) {
                commitEntries(one);
            }
            return;
        }
        PartitionProgress stuck = entries.getFirst().progress();
        LOG.atWarn()
                .addKeyValue("topic", stuck.partition().topic())
                .addKeyValue("partition", stuck.partition().partition())
                .log("The worker cannot commit for a partition; it starts again there when it can read the ledger");
        stuck.end();
    }

    private void collectAfter(Duration took, int entries) {
        Duration most = took.compareTo(LONGEST_LINGER) < 0 ? took : LONGEST_LINGER;
        underLoad = entries < MANY_ENTRIES || most.compareTo(linger) < 0 ? linger : most;
    }
}
