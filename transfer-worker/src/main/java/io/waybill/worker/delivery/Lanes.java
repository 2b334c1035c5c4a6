package io.waybill.worker.delivery;

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
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Runs items, each on a thread of its own: in a lane so many at one time as its destination allows, begun in the order
 * they came, and never two for the same path. An item that only waits may pass its place on. Any thread.
 */
public final class Lanes {
    /** Items that are begun and not ended in a lane, for each of its places. */
    static final int MOST_BEGUN = 4;

    private final ToIntFunction<Lane> concurrency;
    private final Executor threads;
    private final BiFunction<Lane, RemotePath, String> samePath;
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
        this(concurrency, threads, (_, path) -> path.value());
    }

    /**
     * Lanes where several paths may be one at a destination.
     *
     * @param concurrency how many items of a lane may run at one time, 1 or more
     * @param samePath    what paths that meet have in common
     */
    public Lanes(
            ToIntFunction<Lane> concurrency,
            Executor threads,
            BiFunction<Lane, RemotePath, String> samePath) {
        this.concurrency = concurrency;
        this.threads = threads;
        this.samePath = samePath;
    }

    /** What an item can say of its place in its lane. */
    @FunctionalInterface
    interface Turn {
        /**
         * The item goes on without its place, and another may begin; where there is only one place, which keeps items in
         * order, it is kept. Once, by the item's thread.
         */
        void passOn();
    }

    private static final class Item {
        private final long number;
        private final String path;
        private final Consumer<Turn> task;
        /** Guarded by the lock. */
        private boolean passedOn;

        Item(long number, String path, Consumer<Turn> task) {
            this.number = number;
            this.path = path;
            this.task = task;
        }

        long number() {
            return number;
        }
    }

    /** The items of a lane: those whose path is free wait in line as they came, the others behind the first of their path. */
    private static final class Waiting {
        private final Queue<Item> line = new PriorityQueue<>(comparingLong(Item::number));
        private final Map<String, Deque<Item>> byPath = new HashMap<>();
        private int running;
        /** Those of them that have passed on their places. */
        private int passedOn;
    }

    /** Runs the task when its turn comes; never, if the lanes are stopped before. */
    void submit(Lane lane, RemotePath path, Runnable task) {
        submit(lane, path, _ -> task.run());
    }

    /** The same, with a task that may pass its place on. */
    void submit(Lane lane, RemotePath path, Consumer<Turn> task) {
        lock.lock();
        try {
            var item = new Item(submitted++, samePath.apply(lane, path), task);
            Waiting waiting = lanes.computeIfAbsent(lane, _ -> new Waiting());
            Deque<Item> samePath = waiting.byPath.computeIfAbsent(item.path, _ -> new ArrayDeque<>());
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
        while (!stopped && !waiting.line.isEmpty() && hasPlace(waiting, concurrency.applyAsInt(lane))) {
            Item item = waiting.line.remove();
            waiting.running++;
            running++;
            threads.execute(() -> {
                try {
                    item.task.accept(() -> passOn(lane, item));
                } finally {
                    ended(lane, item);
                }
            });
        }
    }

    private static boolean hasPlace(Waiting waiting, int places) {
        return waiting.running - waiting.passedOn < places && waiting.running < places * MOST_BEGUN;
    }

    private void passOn(Lane lane, Item item) {
        lock.lock();
        try {
            if (!item.passedOn && concurrency.applyAsInt(lane) > 1) {
                item.passedOn = true;
                Waiting waiting = waiting(lane);
                waiting.passedOn++;
                startWhatMayRun(lane, waiting);
            }
        } finally {
            lock.unlock();
        }
    }

    private Waiting waiting(Lane lane) {
        Waiting waiting = lanes.get(lane);
        if (waiting == null) {
            throw new IllegalStateException("an item is in lane " + lane + ", which has none");
        }
        return waiting;
    }

    private void ended(Lane lane, Item item) {
        lock.lock();
        try {
            running--;
            itemEnded.signalAll();
            Waiting waiting = waiting(lane);
            waiting.running--;
            waiting.passedOn -= item.passedOn ? 1 : 0;
            nextOfPath(waiting, item.path);
            startWhatMayRun(lane, waiting);
            if (waiting.running == 0 && waiting.byPath.isEmpty()) {
                lanes.remove(lane);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void nextOfPath(Waiting waiting, String path) {
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
    public boolean stop(Duration patience) throws InterruptedException {
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
