package io.waybill.runtime.streams;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A store in memory that keeps bytes, in the order of the keys' bytes, as the real one does; without its metrics. It may keep
 * the values themselves instead, which costs less.
 */
public final class SortedStore<K, V> implements KeyValueStore<K, V> {
    private final String name;
    private final Serde<K> keys;
    private final Function<V, Object> keep;
    private final Function<Object, V> given;
    private final TreeMap<Bytes, Object> entries = new TreeMap<>();

    public SortedStore(String name, Serde<K> keys, Serde<V> values) {
        this(
                name,
                keys,
                value -> values.serializer().serialize("", value),
                kept -> values.deserializer().deserialize("", (byte[]) kept));
    }

    private SortedStore(String name, Serde<K> keys, Function<V, Object> keep, Function<Object, V> given) {
        this.name = name;
        this.keys = keys;
        this.keep = keep;
        this.given = given;
    }

    /** A store of values that do not change. */
    public static <K, V> SortedStore<K, V> ofValues(String name, Serde<K> keys, Class<V> kind) {
        return new SortedStore<>(name, keys, value -> value, kind::cast);
    }

    private Bytes bytes(K key) {
        return Bytes.wrap(keys.serializer().serialize("", key));
    }

    private V value(Object kept) {
        return kept == null ? null : given.apply(kept);
    }

    @Override
    public void put(K key, V value) {
        if (value == null) {
            entries.remove(bytes(key));
        } else {
            entries.put(bytes(key), keep.apply(value));
        }
    }

    @Override
    public V putIfAbsent(K key, V value) {
        V before = get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<K, V>> all) {
        all.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public V delete(K key) {
        return value(entries.remove(bytes(key)));
    }

    @Override
    public V get(K key) {
        return value(entries.get(bytes(key)));
    }

    public void clear() {
        entries.clear();
    }

    @Override
    public KeyValueIterator<K, V> range(K from, K to) {
        NavigableMap<Bytes, Object> part = entries;
        part = from == null ? part : part.tailMap(bytes(from), true);
        return over(to == null ? part : part.headMap(bytes(to), true));
    }

    @Override
    public KeyValueIterator<K, V> all() {
        return over(entries);
    }

    private KeyValueIterator<K, V> over(NavigableMap<Bytes, Object> part) {
        var left = new TreeMap<>(part);
        return new KeyValueIterator<>() {
            @Override
            public boolean hasNext() {
                return !left.isEmpty();
            }

            @Override
            public K peekNextKey() {
                return keys.deserializer().deserialize("", left.firstKey().get());
            }

            @Override
            public KeyValue<K, V> next() {
                K key = peekNextKey();
                Map.Entry<Bytes, Object> entry = left.pollFirstEntry();
                return new KeyValue<>(key, value(entry.getValue()));
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Override
    public long approximateNumEntries() {
        return entries.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        // Nothing to be restored.
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still has it
    public void flush() {
        // All of it is there.
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }
}
