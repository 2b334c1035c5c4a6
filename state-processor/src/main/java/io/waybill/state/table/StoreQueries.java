package io.waybill.state.table;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Reads the stores of this instance. What it sees may not be committed yet: after a failure the same events are decided
 * again in the same order, with the same result.
 */
public final class StoreQueries implements FileQueries {
    /** Files that one page looks at: a rare status among millions must not hold a request for seconds. */
    static final int LARGEST_SCAN = 100_000;

    private final LocalStores stores;
    private final Tallies tallies;

    StoreQueries(LocalStores stores, Tallies tallies) {
        this.stores = stores;
        this.tallies = tallies;
    }

    public StoreQueries(Supplier<Optional<KafkaStreams>> streams, Tallies tallies) {
        this(new RunningStores(streams), tallies);
    }

    @Override
    public Optional<FileState> find(FileId id) {
        return reading(() -> stores.files().stream()
                .map(store -> store.get(id))
                .filter(Objects::nonNull)
                .findFirst());
    }

    @Override
    public List<HistoryEntry> history(FileId id) {
        return reading(() -> {
            var history = new ArrayList<HistoryEntry>();
            for (var store : stores.histories()) {
                try (var entries = store.range(new HistoryKey(id, 0), new HistoryKey(id, Long.MAX_VALUE))) {
                    entries.forEachRemaining(entry -> history.add(entry.value));
                }
            }
            return history;
        });
    }

    @Override
    public Page page(FileFilter filter, Optional<FileId> after, int limit) {
        return reading(() -> {
            var opened = new ArrayList<KeyValueIterator<FileId, FileState>>();
            try {
                for (ReadOnlyKeyValueStore<FileId, FileState> store : stores.files()) {
                    opened.add(after.isPresent() ? store.range(after.get(), null) : store.all());
                }
                return merged(opened, filter, after, limit);
            } finally {
                opened.forEach(KeyValueIterator::close);
            }
        });
    }

    /** Each store is in the order of the ids; so the least of their heads is the next of all. */
    private static Page merged(
            List<KeyValueIterator<FileId, FileState>> all, FileFilter filter, Optional<FileId> after, int limit) {
        var heads = new PriorityQueue<KeyValueIterator<FileId, FileState>>(
                Comparator.comparing(KeyValueIterator::peekNextKey));
        all.stream().filter(KeyValueIterator::hasNext).forEach(heads::add);
        var files = new ArrayList<FileState>();
        FileId last = null;
        for (int looked = 0; !heads.isEmpty() && files.size() < limit && looked < LARGEST_SCAN; looked++) {
            KeyValueIterator<FileId, FileState> least = heads.remove();
            var entry = least.next();
            last = entry.key;
            boolean seen = after.isPresent() && after.get().equals(entry.key);
            if (!seen && filter.matches(entry.value)) {
                files.add(entry.value);
            }
            if (least.hasNext()) {
                heads.add(least);
            }
        }
        return new Page(files, heads.isEmpty() ? Optional.empty() : Optional.ofNullable(last));
    }

    @Override
    public Map<FileGroup, Long> counts() {
        return reading(() -> {
            // Asked for its answer to whether the table is ready: tallies alone cannot tell what is missing.
            stores.files();
            return tallies.total();
        });
    }

    private static <T> T reading(Supplier<T> read) {
        try {
            return read.get();
        } catch (InvalidStateStoreException e) {
            // A store that was open a moment ago has been closed by a rebalance.
            throw new TableNotReadyException("a partition of the table is on its way to another instance", e);
        }
    }
}
