package io.waybill.state.index;

import io.waybill.state.index.WriteBackStore.Change;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** Merges two ordered runs of keys into one. A change replaces what the disk has for its key. One thread reads it. */
final class MergedKeys implements KeyValueIterator<Bytes, byte[]> {
    private final NavigableMap<Bytes, Change> changes;
    private final KeyValueIterator<Bytes, byte[]> disk;
    private @Nullable Bytes next;

    /**
     * @param changes the reader removes them as it reads; nobody else has them
     * @param disk    closed together with this object
     */
    MergedKeys(NavigableMap<Bytes, Change> changes, KeyValueIterator<Bytes, byte[]> disk) {
        this.changes = changes;
        this.disk = disk;
        advance();
    }

    private void advance() {
        next = null;
        while (next == null && (disk.hasNext() || !changes.isEmpty())) {
            if (!changes.isEmpty() && (!disk.hasNext() || changes.firstKey().compareTo(disk.peekNextKey()) <= 0)) {
                Map.Entry<Bytes, Change> change = changes.pollFirstEntry();
                if (disk.hasNext() && disk.peekNextKey().equals(change.getKey())) {
                    disk.next();
                }
                next = change.getValue() == Change.PUT ? change.getKey() : null;
            } else {
                next = disk.next().key;
            }
        }
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Bytes peekNextKey() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        return next;
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
        var entry = KeyValue.pair(peekNextKey(), GroupIndex.NOTHING);
        advance();
        return entry;
    }

    @Override
    public void close() {
        disk.close();
    }
}
