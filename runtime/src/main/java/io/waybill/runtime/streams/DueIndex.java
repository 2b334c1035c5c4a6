package io.waybill.runtime.streams;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Files ordered by when they are due. A sweep reads what is due and nothing else, so its cost does not depend on how
 * many files wait; it has a budget, because it holds the stream thread, and a thread that is held too long loses its
 * partitions; what it leaves is taken by the next. An entry is a hint: whoever is called checks that it still stands.
 *
 * <p>Sweeps begin where the last one ended. A store that is written like a log keeps what was deleted for a while, and
 * from its beginning a search would step over all of it: 300 ms and more after two million deletes, against less than
 * 0.1 ms from the remembered place.
 *
 * <p>One instance for one task; its thread only.
 */
public final class DueIndex {
    private static final byte[] NOTHING = {};

    private final KeyValueStore<DueKey, byte[]> store;
    private final InstantSource clock;
    private DueKey begin = DueKey.firstOf(0);

    public DueIndex(KeyValueStore<DueKey, byte[]> store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
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

    public void add(DueKey key) {
        store.put(key, NOTHING);
        // Also within the same millisecond, where the new id may stand before the last one taken.
        if (key.dueMillis() <= begin.dueMillis()) {
            begin = DueKey.firstOf(key.dueMillis());
        }
    }

    public void remove(DueKey key) {
        store.delete(key);
    }

    /**
     * Counts the entries by reading them all, for the beginning of a task. RocksDB's own estimate takes away each
     * deletion once more until it is compacted, and is soon zero in a store that is mostly deleted from.
     */
    public long count() {
        long count = 0;
        try (KeyValueIterator<DueKey, byte[]> entries = store.all()) {
            while (entries.hasNext()) {
                entries.next();
                count++;
            }
        }
        return count;
    }

    /** Takes what is due, oldest first, until nothing is left or the budget is used up. */
    public Sweep sweep(Instant now, Budget budget, Taker taker) {
        List<DueKey> due = due(now, budget.entries() + 1);
        Instant until = clock.instant().plus(budget.time());
        int taken = 0;
        while (taken < due.size() && taken < budget.entries()) {
            if (taken > 0 && clock.instant().isAfter(until)) {
                break;
            }
            DueKey key = due.get(taken++);
            store.delete(key);
            begin = key;
            taker.take(key);
        }
        Duration lag = taken < due.size()
                ? Duration.ofMillis(now.toEpochMilli() - due.get(taken).dueMillis())
                : Duration.ZERO;
        return new Sweep(taken, lag);
    }

    /** Read to the end before anything is written: takers change the store. */
    private List<DueKey> due(Instant now, int limit) {
        var due = new ArrayList<DueKey>();
        if (now.toEpochMilli() < begin.dueMillis()) {
            return due;
        }
        try (KeyValueIterator<DueKey, byte[]> entries = store.range(begin, DueKey.lastOf(now.toEpochMilli()))) {
            while (entries.hasNext() && due.size() < limit) {
                due.add(entries.next().key);
            }
        }
        return due;
    }
}
