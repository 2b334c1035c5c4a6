package io.waybill.runtime.streams;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Files ordered by when they are due. A sweep reads due entries and nothing else, so its cost does not depend on how
 * many files wait. A sweep has a budget, because it holds the stream thread, and a thread that is held too long loses
 * its partitions. The next sweep takes the entries that one leaves. An entry is a hint: the {@link Taker} checks that
 * it still applies.
 *
 * <p>A store that is written like a log keeps deleted entries for a while, and a search steps over all of them: 300 ms
 * and more after two million deletes, against less than 0.1 ms without any. So a sweep avoids deleted entries on both
 * sides.
 *
 * <pre>
 *   deleted ... deleted  [low  due  due  now      fence]  deleted  waiting  deleted  deleted ...
 * </pre>
 *
 * It begins at a remembered instant, also after a restart; no entry is left before that instant. It ends at a fence, an
 * entry of no file. Without the fence, a search for the next entry would step from the last due entry over all entries
 * that were set and unset again after it.
 *
 * <p>One instance for one task; its thread only.
 */
public final class DueIndex {
    /**
     * A fence is set at the next multiple of this time. A farther fence means fewer writes, but a search may step over more.
     * The indexes of all tasks have their fences at the same times, so that tasks without deadlines wake together.
     */
    private static final Duration FENCED = Duration.ofSeconds(10);

    private static final byte[] NOTHING = {};
    private static final byte[] FENCE = {1};

    private final KeyValueStore<DueKey, byte[]> store;
    private final ProcessClock clock;
    /** No entry is before this key. */
    private DueKey begin;

    private DueMark mark;

    /**
     * @param store of {@link #storeBuilder}, opened
     * @param clock measures the time of a sweep; the caller says which entries are due
     */
    public DueIndex(KeyValueStore<DueKey, byte[]> store, ProcessClock clock) {
        this.store = store;
        this.clock = clock;
        mark = DueMark.read(store);
        begin = DueKey.firstOf(mark.lowMillis());
    }

    /**
     * The limits of one sweep.
     *
     * @param entries at most, 1 or more
     * @param time    after which no further entry is begun
     */
    public record Budget(int entries, Duration time) {
        public static final Budget DEFAULT = new Budget(2_000, Duration.ofMillis(50));
    }

    /**
     * The result of a sweep.
     *
     * @param taken entries that were due and are gone
     * @param lag   how long the oldest entry that it left is overdue; zero if it left none
     */
    public record Sweep(int taken, Duration lag) {}

    /** Receives one file that is due. It may add entries, also for the same file. */
    @FunctionalInterface
    public interface Taker {
        void take(DueKey due);
    }

    /** The store of such an index. */
    public static StoreBuilder<KeyValueStore<DueKey, byte[]>> storeBuilder(String name) {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(name), DueKey.serde(), Serdes.ByteArray());
    }

    /** All files of such an index's store, in the order of their time. Reads the whole store. For tests and tools. */
    public static List<DueKey> entries(KeyValueStore<DueKey, byte[]> store) {
        var entries = new ArrayList<DueKey>();
        try (KeyValueIterator<DueKey, byte[]> all = store.all()) {
            all.forEachRemaining(entry -> {
                if (isFile(entry)) {
                    entries.add(entry.key);
                }
            });
        }
        return entries;
    }

    private static boolean isFile(KeyValue<DueKey, byte[]> entry) {
        return entry.value.length == 0;
    }

    public void add(DueKey key) {
        store.put(key, NOTHING);
        lower(key);
    }

    /** Also within the same millisecond, where a new id may sort before the last one taken. */
    private void lower(DueKey key) {
        if (key.dueMillis() <= begin.dueMillis()) {
            begin = DueKey.firstOf(key.dueMillis());
        }
        if (key.dueMillis() < mark.lowMillis()) {
            remember(new DueMark(key.dueMillis(), mark.fenceMillis()));
        }
    }

    public void remove(DueKey key) {
        forget(key);
    }

    /** Not by delete(), which first reads the old value. */
    private void forget(DueKey key) {
        store.put(key, null);
    }

    /** Takes due entries, oldest first, until none is left or the budget is used up. */
    public Sweep sweep(Instant now, Budget budget, Taker taker) {
        long nowMillis = now.toEpochMilli();
        List<DueKey> due = due(nowMillis, budget.entries());
        long until = clock.after(budget.time());
        int taken = 0;
        while (taken < due.size() && taken < budget.entries()) {
            if (taken > 0 && clock.isOver(until)) {
                break;
            }
            DueKey key = due.get(taken++);
            forget(key);
            taker.take(key);
        }
        if (taken == due.size()) {
            return new Sweep(taken, Duration.ZERO);
        }
        DueKey left = due.get(taken);
        lower(left);
        return new Sweep(taken, Duration.ofMillis(nowMillis - left.dueMillis()));
    }

    /** No entry is due before this time, in milliseconds since the epoch. Right after a sweep it is 10 s ahead at most. */
    public long nextMillis() {
        return begin.dueMillis();
    }

    /**
     * The due entries, and one more if the budget does not reach. It reads to the end before anything is written,
     * because takers change the store. Moves the beginning past all of them.
     */
    private List<DueKey> due(long nowMillis, int budget) {
        var due = new ArrayList<DueKey>();
        if (nowMillis < begin.dueMillis()) {
            return due;
        }
        long earlier = fence(nowMillis);
        DueKey next = DueKey.firstOf(mark.fenceMillis());
        try (KeyValueIterator<DueKey, byte[]> entries = store.range(begin, DueKey.lastOf(mark.fenceMillis()))) {
            while (entries.hasNext() && due.size() <= budget) {
                KeyValue<DueKey, byte[]> entry = entries.next();
                if (entry.key.dueMillis() > nowMillis) {
                    next = DueKey.firstOf(entry.key.dueMillis());
                    break;
                }
                if (isFile(entry)) {
                    due.add(entry.key);
                }
            }
        }
        begin = due.size() > budget ? due.getLast() : next;
        if (earlier != mark.fenceMillis()) {
            forget(DueKey.firstOf(earlier));
            remember(new DueMark(due.isEmpty() ? begin.dueMillis() : due.getFirst().dueMillis(), mark.fenceMillis()));
        }
        return due;
    }

    /** Sets a fence ahead of the clock if there is none nearby, and returns where the fence was before. */
    private long fence(long nowMillis) {
        long earlier = mark.fenceMillis();
        if (earlier <= nowMillis || earlier > nowMillis + FENCED.toMillis()) {
            long next = nowMillis - Math.floorMod(nowMillis, FENCED.toMillis()) + FENCED.toMillis();
            mark = new DueMark(mark.lowMillis(), next);
            store.put(DueKey.firstOf(mark.fenceMillis()), FENCE);
        }
        return earlier;
    }

    private void remember(DueMark now) {
        mark = now;
        now.write(store);
    }
}
