package io.waybill.state.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A set of keys that come and go. The newest changes stay in memory for a while, so a key that comes and goes in that
 * time never reaches the disk. A store that is written like a log would keep the deleted keys. A search among the few
 * present keys would then step over all keys that ever were there.
 *
 * <p>A caller puts only keys that are absent, and deletes only keys that are present. The task's thread writes; any
 * thread reads. A reader sees each key that was present from before the reader began. A crash loses the changes that
 * are not on the disk yet.
 */
final class WriteBackStore implements KeyValueStore<Bytes, byte[]> {
    /** The most changes in memory. If there are more, half of them go to the disk. */
    private static final int CAPACITY = 4_096;

    private final KeyValueStore<Bytes, byte[]> disk;
    private final int capacity;
    private final ConcurrentNavigableMap<Bytes, Change> changes = new ConcurrentSkipListMap<>();
    /** Keys in the order in which they changed. It also contains keys whose changes have cancelled out since. */
    private final Deque<Bytes> order = new ArrayDeque<>();

    /** The change of a key compared with the disk. */
    enum Change {
        PUT,
        DELETED
    }

    WriteBackStore(KeyValueStore<Bytes, byte[]> disk, int capacity) {
        this.disk = disk;
        this.capacity = capacity;
    }

    /** Puts this store in front of another store. */
    static KeyValueBytesStoreSupplier over(KeyValueBytesStoreSupplier disk) {
        return new KeyValueBytesStoreSupplier() {
            @Override
            public String name() {
                return disk.name();
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return new WriteBackStore(disk.get(), CAPACITY);
            }

            @Override
            public String metricsScope() {
                return disk.metricsScope();
            }
        };
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        Change change = value == null ? Change.DELETED : Change.PUT;
        Change before = changes.get(key);
        if (before == null) {
            changes.put(key, change);
            order.add(key);
            spill(capacity, capacity / 2);
        } else if (before != change) {
            changes.remove(key);
        }
    }

    /** Writes the oldest changes if there are more than {@code most}, until only {@code left} are left. */
    private void spill(int most, int left) {
        if (order.size() <= most) {
            return;
        }
        List<KeyValue<Bytes, byte[]>> batch = new ArrayList<>();
        while (order.size() > left) {
            Bytes key = order.remove();
            Change change = changes.get(key);
            if (change != null) {
                batch.add(KeyValue.pair(key, change == Change.PUT ? GroupIndex.NOTHING : null));
            }
        }
        // Write to the disk first and remove from memory then, because a reader looks in memory first.
        disk.putAll(batch);
        batch.forEach(entry -> changes.remove(entry.key));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
        NavigableMap<Bytes, Change> part = changes;
        part = from == null ? part : part.tailMap(from, true);
        part = to == null ? part : part.headMap(to, true);
        // Make the copy before reading the disk. A key that goes to the disk meanwhile is then in the copy or on the
        // disk.
        var copy = new TreeMap<Bytes, Change>(part);
        return new MergedKeys(copy, disk.range(from, to));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        var copy = new TreeMap<Bytes, Change>(changes);
        return new MergedKeys(copy, disk.all());
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        Change change = changes.get(key);
        return change == null ? disk.get(key) : change == Change.PUT ? GroupIndex.NOTHING : null;
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        byte[] before = get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        byte[] before = get(key);
        if (before != null) {
            put(key, null);
        }
        return before;
    }

    @Override
    public String name() {
        return disk.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        disk.init(context, root);
    }

    /** Leaves the newest changes in memory, because nothing relies on them after a crash. */
    @Override
    public void commit(Map<TopicPartition, Long> offsets) {
        disk.commit(offsets);
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        return disk.committedOffset(partition);
    }

    @Override
    @SuppressWarnings("deprecation") // Kafka Streams still asks. If a store says no, it keeps a file of offsets.
    public boolean managesOffsets() {
        return disk.managesOffsets();
    }

    /** Writes every change. */
    void spill() {
        spill(0, 0);
    }

    @Override
    public void close() {
        if (disk.isOpen()) {
            spill();
            disk.commit(Map.of());
        }
        disk.close();
    }

    @Override
    public boolean persistent() {
        return disk.persistent();
    }

    @Override
    public boolean isOpen() {
        return disk.isOpen();
    }

    @Override
    public long approximateNumEntries() {
        return disk.approximateNumEntries() + changes.size();
    }

    @Override
    public Position getPosition() {
        return disk.getPosition();
    }
}
