package io.waybill.worker.lanes;

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
 * Runs items, each on its own thread. A lane runs as many items at one time as its destination allows, and begins them in
 * the order in which they came. It never runs two items for the same path. An item that only waits may release its slot.
 * Any thread.
 */
public final class LaneScheduler {
    /** How many items of a lane may have begun and not ended, for each of its slots. */
    static final int MOST_BEGUN = 4;

    private final ToIntFunction<Lane> concurrency;
    private final Executor threads;
    private final BiFunction<Lane, RemotePath, String> samePath;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition itemEnded = lock.newCondition();
    private final Map<Lane, LaneQueue> lanes = new HashMap<>();
    private long submitted;
    private int running;
    private boolean stopped;

    /**
     * @param concurrency how many items of a lane may run at one time, 1 or more
     * @param samePath    gives the same text for all paths that a destination takes for one
     */
    public LaneScheduler(
            ToIntFunction<Lane> concurrency,
            Executor threads,
            BiFunction<Lane, RemotePath, String> samePath) {
        this.concurrency = concurrency;
        this.threads = threads;
        this.samePath = samePath;
    }

    /** An item's share of its lane's concurrency. */
    @FunctionalInterface
    public interface Slot {
        /**
         * The item continues without its slot, and another item may begin. If a lane has only one slot, which keeps items
         * in order, the item keeps it. The item's thread calls this once.
         */
        void release();
    }

    private static final class Item {
        private final long number;
        private final String path;
        private final Consumer<Slot> task;
        /** Guarded by the lock. */
        private boolean released;

        Item(long number, String path, Consumer<Slot> task) {
            this.number = number;
            this.path = path;
            this.task = task;
        }

        long number() {
            return number;
        }
    }

    /**
     * The items of a lane. An item whose path is free waits in line in the order of arrival; any other waits behind the
     * first item of its path.
     */
    private static final class LaneQueue {
        private final Queue<Item> line = new PriorityQueue<>(comparingLong(Item::number));
        private final Map<String, Deque<Item>> byPath = new HashMap<>();
        private int running;
        /** How many running items have released their slots. */
        private int released;
    }

    /** Runs the task when its turn comes; never, if the scheduler is stopped before that. */
    public void submit(Lane lane, RemotePath path, Runnable task) {
        submit(lane, path, _ -> task.run());
    }

    /** The same, with a task that may release its slot. */
    public void submit(Lane lane, RemotePath path, Consumer<Slot> task) {
        lock.lock();
        try {
            var item = new Item(submitted++, samePath.apply(lane, path), task);
            LaneQueue queue = lanes.computeIfAbsent(lane, _ -> new LaneQueue());
            Deque<Item> samePath = queue.byPath.computeIfAbsent(item.path, _ -> new ArrayDeque<>());
            samePath.add(item);
            if (samePath.size() == 1) {
                queue.line.add(item);
            }
            startWhatMayRun(lane, queue);
        } finally {
            lock.unlock();
        }
    }

    private void startWhatMayRun(Lane lane, LaneQueue queue) {
        while (!stopped && !queue.line.isEmpty() && hasFreeSlot(queue, concurrency.applyAsInt(lane))) {
            Item item = queue.line.remove();
            queue.running++;
            running++;
            threads.execute(() -> {
                try {
                    item.task.accept(() -> release(lane, item));
                } finally {
                    ended(lane, item);
                }
            });
        }
    }

    private static boolean hasFreeSlot(LaneQueue queue, int slots) {
        return queue.running - queue.released < slots && queue.running < slots * MOST_BEGUN;
    }

    private void release(Lane lane, Item item) {
        lock.lock();
        try {
            if (!item.released && concurrency.applyAsInt(lane) > 1) {
                item.released = true;
                LaneQueue queue = queue(lane);
                queue.released++;
                startWhatMayRun(lane, queue);
            }
        } finally {
            lock.unlock();
        }
    }

    private LaneQueue queue(Lane lane) {
        LaneQueue queue = lanes.get(lane);
        if (queue == null) {
            throw new IllegalStateException("an item is in lane " + lane + ", which has none");
        }
        return queue;
    }

    private void ended(Lane lane, Item item) {
        lock.lock();
        try {
            running--;
            itemEnded.signalAll();
            LaneQueue queue = queue(lane);
            queue.running--;
            queue.released -= item.released ? 1 : 0;
            nextOfPath(queue, item.path);
            startWhatMayRun(lane, queue);
            if (queue.running == 0 && queue.byPath.isEmpty()) {
                lanes.remove(lane);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void nextOfPath(LaneQueue queue, String path) {
        Deque<Item> samePath = queue.byPath.getOrDefault(path, new ArrayDeque<>());
        samePath.poll();
        Item next = samePath.peek();
        if (next == null) {
            queue.byPath.remove(path);
        } else {
            queue.line.add(next);
        }
    }

    /**
     * Starts no further items, and waits for those that run.
     *
     * @return false if an item still runs
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
