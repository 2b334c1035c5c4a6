package io.waybill.state.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** A set that is buffered, beside one that is not. */
final class WriteBackStoreTest {
    private static final int CAPACITY = 8;
    private static final int KEYS = 60;
    private static final int STEPS = 300;

    private KeyValueStore<Bytes, byte[]> disk = Stores.inMemoryKeyValueStore("keys").get();
    private WriteBackStore store = new WriteBackStore(disk, CAPACITY);

    @BeforeTry
    void open() {
        disk = Stores.inMemoryKeyValueStore("keys").get();
        store = new WriteBackStore(disk, CAPACITY);
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        store.init(new MockProcessorContext<>(properties).getStateStoreContext(), store);
    }

    @Property(tries = 100, seed = "20261123")
    void shouldHoldWhatASetHolds(@ForAll long seed) {
        var random = new Random(seed);
        var model = new TreeSet<Bytes>();
        for (int step = 0; step < STEPS; step++) {
            Bytes key = key(random.nextInt(KEYS));
            boolean there = model.contains(key);
            assertThat(store.get(key) != null).isEqualTo(there);
            if (there) {
                store.put(key, null);
                model.remove(key);
            } else {
                store.put(key, GroupIndex.NOTHING);
                model.add(key);
            }
            switch (random.nextInt(20)) {
                case 0 -> store.spill();
                case 1 -> assertThat(keys(store.all())).containsExactlyElementsOf(model);
                case 2 -> {
                    Bytes from = key(random.nextInt(KEYS));
                    Bytes to = key(random.nextInt(KEYS));
                    if (from.compareTo(to) <= 0) {
                        assertThat(keys(store.range(from, to)))
                                .containsExactlyElementsOf(model.subSet(from, true, to, true));
                    }
                }
                default -> {}
            }
        }
        store.spill();
        assertThat(keys(disk.all())).containsExactlyElementsOf(model);
    }

    @Property(tries = 1)
    void shouldNeverWriteWhatComesAndGoes() {
        for (int i = 0; i < 10 * CAPACITY; i++) {
            store.put(key(i % KEYS), GroupIndex.NOTHING);
            store.put(key(i % KEYS), null);
        }
        store.put(key(1), GroupIndex.NOTHING);

        assertThat(keys(disk.all())).isEmpty();
        assertThat(keys(store.all())).containsExactly(key(1));
    }

    @Property(tries = 1)
    void shouldKeepNoMoreInMemoryThanItMay() {
        for (int i = 0; i < KEYS; i++) {
            store.put(key(i), GroupIndex.NOTHING);
        }

        assertThat(keys(disk.all())).hasSizeGreaterThanOrEqualTo(KEYS - CAPACITY);
    }

    private static Bytes key(int number) {
        return Bytes.wrap("key-%02d".formatted(number).getBytes(StandardCharsets.US_ASCII));
    }

    private static List<Bytes> keys(KeyValueIterator<Bytes, byte[]> entries) {
        try (entries) {
            List<Bytes> keys = new ArrayList<>();
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                keys.add(entry.key);
            }
            return keys;
        }
    }
}
