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
 * Files ordered by when they are due. A sweep reads what is due and nothing else, so its cost does not depend on how
 * many files wait; it has a budget, because it holds the stream thread, and a thread that is held too long loses its
 * partitions; what it leaves is taken by the next. An entry is a hint: whoever is called checks that it still stands.
 *
 * <p>A store that is written like a log keeps what was deleted for a while, and a search steps over all of it: 300 ms
 * and more after two million deletes, against less than 0.1 ms where nothing was. So a sweep is kept from what was
 * deleted, on both sides.
 *
 * <pre>
 *   deleted ... deleted  [low  due  due  now      fence]  deleted  waiting  deleted  deleted ...
 * </pre>
 *
 * It begins at a remembered instant before which nothing is left, also after a restart; and it ends at a fence, an entry
 * of no file, because a search for the next entry would go on from the last one that is due through all that was set
 * and unset again behind it.
 *
 * <p>One instance for one task; its thread only.
 */
public final class DueIndex {
    /** How far ahead of the clock a fence is set: the further, the less is written, and the more may be stepped over. */
    private static final Duration FENCED = Duration.ofSeconds(10);

    private static final byte[] NOTHING = {};
    private static final byte[] FENCE = {1};

    private final KeyValueStore<DueKey, byte[]> store;
    private final ProcessClock clock;
    /** Every entry stands here or behind. */
    private DueKey begin;

    private DueMark mark;

    /**
     * @param store of {@link #storeBuilder}, opened
     * @param clock by which the time of a sweep is measured; what is due, its caller says
     */
    public DueIndex(KeyValueStore<DueKey, byte[]> store, ProcessClock clock) {
        this.store = store;
        this.clock = clock;
        mark = DueMark.read(store);
        begin = DueKey.firstOf(mark.lowMillis());
    }

    /**
     * How much one sweep may do.
     *
     * @param entries at most, 1 or more
     * @param time    after which no further entry is begun
     */
    public record Budget(int entries, Duration time) {
        public static final Budget DEFAULT = new Budget(2_000, Duration.ofMillis(50));
    }

    /**
     * What a sweep did.
     *
     * @param taken   entries that were due and are gone
     * @param lag     how long the oldest entry it left is overdue; zero when it left none
     */
    public record Sweep(int taken, Duration lag) {}

    /** Is told of one file that is due; may add entries, also for the same file. */
    @FunctionalInterface
    public interface Taker {
        void take(DueKey due);
    }

    /** The store of such an index. */
    public static StoreBuilder<KeyValueStore<DueKey, byte[]>> storeBuilder(String name) {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(name), DueKey.serde(), Serdes.ByteArray());
    }

    /** The files of a store of such an index, in the order of their time, by reading all of it. For tests and tools. */
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

    /** Also within the same millisecond, where a new id may stand before the last one taken. */
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

    /** Not by delete(), which reads first to say what was there. */
    private void forget(DueKey key) {
        store.put(key, null);
    }

    /** Takes what is due, oldest first, until nothing is left or the budget is used up. */
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

    /**
     * What is due, and one more where the budget does not reach. Read to the end before anything is written: takers
     * change the store. Leaves the beginning behind all of it.
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

    /** Sets a fence ahead of the clock if there is none nearby, and says where it was before. */
    private long fence(long nowMillis) {
        long earlier = mark.fenceMillis();
        if (earlier <= nowMillis || earlier > nowMillis + FENCED.toMillis()) {
            mark = new DueMark(mark.lowMillis(), nowMillis + FENCED.toMillis());
            store.put(DueKey.firstOf(mark.fenceMillis()), FENCE);
        }
        return earlier;
    }

    private void remember(DueMark now) {
        mark = now;
        now.write(store);
    }
}
