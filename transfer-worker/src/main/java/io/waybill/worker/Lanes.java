package io.waybill.worker;

import static java.util.Comparator.comparingLong;

import io.waybill.domain.Lane;
import io.waybill.domain.RemotePath;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * Runs items, each on a thread of its own: in a lane so many at one time as its destination allows, begun in the order
 * they came, and never two for the same path. Any thread.
 */
final class Lanes {
    private final ToIntFunction<Lane> concurrency;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition itemEnded = lock.newCondition();
    private final Map<Lane, Waiting> lanes = new HashMap<>();
    private long submitted;
    private int running;
    private boolean stopped;

    /**
     * @param concurrency how many items of a lane may run at one time, 1 or more
     */
    Lanes(ToIntFunction<Lane> concurrency, Executor threads) {
        this.concurrency = concurrency;
        this.threads = threads;
    }

    private record Item(long number, RemotePath path, Runnable task) {}

    /** The items of a lane: those whose path is free wait in line as they came, the others behind the first of their path. */
    private static final class Waiting {
        private final Queue<Item> line = new PriorityQueue<>(comparingLong(Item::number));
        private final Map<RemotePath, Deque<Item>> byPath = new HashMap<>();
        private int running;
    }

    /** Runs the task when its turn comes; never, if the lanes are stopped before. */
    void submit(Lane lane, RemotePath path, Runnable task) {
        lock.lock();
        try {
            var item = new Item(submitted++, path, task);
            Waiting waiting = lanes.computeIfAbsent(lane, _ -> new Waiting());
            Deque<Item> samePath = waiting.byPath.computeIfAbsent(path, _ -> new ArrayDeque<>());
            samePath.add(item);
            if (samePath.size() == 1) {
                waiting.line.add(item);
            }
            startWhatMayRun(lane, waiting);
        } finally {
            lock.unlock();
        }
    }

    private void startWhatMayRun(Lane lane, Waiting waiting) {
        while (!stopped && !waiting.line.isEmpty() && waiting.running < concurrency.applyAsInt(lane)) {
            Item item = waiting.line.remove();
            waiting.running++;
            running++;
            threads.execute(() -> {
                try {
                    item.task().run();
                } finally {
                    ended(lane, item);
                }
            });
        }
    }

    private void ended(Lane lane, Item item) {
        lock.lock();
        try {
            running--;
            itemEnded.signalAll();
            Waiting waiting = lanes.get(lane);
            if (waiting == null) {
                throw new IllegalStateException("an item ended in lane " + lane + ", which has none");
            }
            waiting.running--;
            nextOfPath(waiting, item.path());
            startWhatMayRun(lane, waiting);
            if (waiting.running == 0 && waiting.byPath.isEmpty()) {
                lanes.remove(lane);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void nextOfPath(Waiting waiting, RemotePath path) {
        Deque<Item> samePath = waiting.byPath.getOrDefault(path, new ArrayDeque<>());
        samePath.poll();
        Item next = samePath.peek();
        if (next == null) {
            waiting.byPath.remove(path);
        } else {
            waiting.line.add(next);
        }
    }

    /**
     * Starts nothing more, and waits for what runs.
     *
     * @return false if something still runs
     */
    boolean stop(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            stopped = true;
            long left = patience.toNanos();
            while (running > 0 && left > 0) {
                left = itemEnded.awaitNanos(left);
            }
            return running == 0;
        } finally {
            lock.unlock();
        }
    }
}
