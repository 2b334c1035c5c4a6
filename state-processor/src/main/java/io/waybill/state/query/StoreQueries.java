package io.waybill.state.query;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.state.index.FileCounts;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.FlowCounts;
import io.waybill.state.index.LaneWork;
import io.waybill.state.table.HistoryEntry;
import io.waybill.state.table.HistoryKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * Reads the stores of this instance. The content may not be committed yet. After a failure the rules decide the same
 * events again in the same order, with the same result.
 */
public final class StoreQueries implements FileQueries {
    /**
     * The most files of the table that one page looks at. A rare file among millions must not hold a request for
     * seconds.
     */
    static final int LARGEST_SCAN = 100_000;
    /** The same for files that the index finds. It is lower, because each file is looked up. */
    static final int LARGEST_SEARCH = 20_000;
    /** If at least one of this number of files matches, it is faster to read all files in turn than to look some up. */
    private static final int SPARSE = 4;

    /** The most files that a page by arrival sorts. */
    private static final int FEW = 5_000;

    private final LocalStores stores;
    private final Supplier<Map<FileGroup, Long>> counts;
    private final Supplier<Map<RouteName, Instant>> oldestOpen;
    private final LongFunction<Map<Long, Map<FlowCounts.Group, FlowCounts>>> flow;
    private final Supplier<Map<LaneWork, Long>> lanes;
    private final ArrivalQueries arrivals;

    StoreQueries(LocalStores stores, Supplier<Map<FileGroup, Long>> counts) {
        this(stores, counts, Map::of, _ -> Map.of(), Map::of);
    }

    private StoreQueries(
            LocalStores stores,
            Supplier<Map<FileGroup, Long>> counts,
            Supplier<Map<RouteName, Instant>> oldestOpen,
            LongFunction<Map<Long, Map<FlowCounts.Group, FlowCounts>>> flow,
            Supplier<Map<LaneWork, Long>> lanes) {
        this.stores = stores;
        this.counts = counts;
        this.oldestOpen = oldestOpen;
        this.flow = flow;
        this.lanes = lanes;
        this.arrivals = new ArrivalQueries(stores);
    }

    /**
     * @param filePartitions how many partitions the table has
     */
    public StoreQueries(Supplier<Optional<KafkaStreams>> streams, FileCounts counts, int filePartitions) {
        this(
                new RunningStores(streams, filePartitions),
                counts::total,
                counts::oldestOpen,
                counts::flow,
                counts::lanes);
    }

    @Override
    public Optional<FileState> find(FileId id) {
        return reading(() -> {
            Optional<FileState> found = stores.partitions().stream()
                    .map(partition -> partition.files().get(id))
                    .filter(Objects::nonNull)
                    .findFirst();
            if (found.isEmpty()) {
                requireOwn(id);
            }
            return found;
        });
    }

    /**
     * Throws if another instance owns the file's partition. One of two instances may learn later than the other that a
     * partition has moved. It must not report the files of that partition as unknown.
     */
    private void requireOwn(FileId id) {
        if (!stores.own(id)) {
            throw new TableNotReadyException("the file's partition of the table is not at this instance");
        }
    }

    @Override
    public List<HistoryEntry> history(FileId id) {
        return reading(() -> {
            var history = new ArrayList<HistoryEntry>();
            for (var partition : stores.partitions()) {
                try (var entries =
                        partition.history().range(new HistoryKey(id, 0), new HistoryKey(id, Long.MAX_VALUE))) {
                    entries.forEachRemaining(entry -> history.add(entry.value));
                }
            }
            if (history.isEmpty()) {
                requireOwn(id);
            }
            return history;
        });
    }

    @Override
    public Page page(FileFilter filter, Optional<FileId> after, int limit) {
        return reading(() -> {
            if (filter.key().isPresent()) {
                return arrivals.ofObject(filter, filter.key().get(), after, limit);
            }
            var cursors = new ArrayList<FileCursor<?, ?>>();
            try {
                Optional<Set<FileGroup>> groups = selected(filter);
                for (LocalStores.Partition partition : stores.partitions()) {
                    groups.ifPresentOrElse(
                            some -> some.forEach(group -> cursors.add(FileCursor.ofGroup(partition, group, after))),
                            () -> cursors.add(FileCursor.ofTable(partition, after)));
                }
                return merged(cursors, filter, after, limit, groups.isPresent() ? LARGEST_SEARCH : LARGEST_SCAN);
            } finally {
                cursors.forEach(FileCursor::close);
            }
        });
    }

    /** The groups to read; empty if reading the whole table is as good. */
    private Optional<Set<FileGroup>> selected(FileFilter filter) {
        if (filter.matchesEveryGroup()) {
            return Optional.empty();
        }
        long all = 0;
        long matching = 0;
        var groups = new HashSet<FileGroup>();
        for (Map.Entry<FileGroup, Long> count : counts.get().entrySet()) {
            all += count.getValue();
            if (filter.matches(count.getKey())) {
                matching += count.getValue();
                groups.add(count.getKey());
            }
        }
        return matching > 0 && matching >= all / SPARSE ? Optional.empty() : Optional.of(groups);
    }

    /** Each cursor is in the order of the ids. So the smallest of their heads is the next file of all. */
    private static Page merged(
            List<FileCursor<?, ?>> cursors, FileFilter filter, Optional<FileId> after, int limit, int largest) {
        var heads = new PriorityQueue<FileCursor<?, ?>>(Comparator.comparing(FileCursor::head));
        cursors.stream().filter(FileCursor::hasNext).forEach(heads::add);
        var files = new ArrayList<FileState>();
        FileId last = after.orElse(null);
        for (int looked = 0; !heads.isEmpty() && files.size() < limit && looked < largest; looked++) {
            FileCursor<?, ?> least = heads.remove();
            FileId id = least.head();
            // The id comes twice if the file moved from one group to another while the cursors were opened.
            if (id.equals(last)) {
                least.skip();
            } else {
                FileState file = least.take();
                if (file != null && filter.matches(file)) {
                    files.add(file);
                }
            }
            last = id;
            if (least.hasNext()) {
                heads.add(least);
            }
        }
        return new Page(files, heads.isEmpty() ? Optional.empty() : Optional.ofNullable(last));
    }

    @Override
    public Newest newest(FileFilter filter, Optional<String> after, int limit) {
        return reading(() -> filter.key()
                .map(key -> arrivals.newestOfObject(filter, key, after, limit))
                .orElseGet(() -> few(filter)
                        .map(groups -> arrivals.newestOfGroups(filter, groups, after, limit))
                        .orElseGet(() -> arrivals.newest(filter, after, limit, LARGEST_SEARCH))));
    }

    @Override
    public Optional<FileState> newer(SourceObject than, Target at) {
        return reading(() -> arrivals.newer(than, at, LARGEST_SEARCH));
    }

    /** The groups that match, if they have so few files that all of them can be looked at for each page. */
    private Optional<Set<FileGroup>> few(FileFilter filter) {
        long matching = 0;
        var groups = new HashSet<FileGroup>();
        for (Map.Entry<FileGroup, Long> count : counts.get().entrySet()) {
            if (filter.matches(count.getKey())) {
                matching += count.getValue();
                groups.add(count.getKey());
            }
        }
        return matching <= FEW ? Optional.of(groups) : Optional.empty();
    }

    @Override
    public Map<RouteName, Instant> oldestOpen() {
        return reading(() -> {
            stores.partitions();
            return oldestOpen.get();
        });
    }

    @Override
    public Map<Long, Map<FlowCounts.Group, FlowCounts>> flow(long from) {
        return reading(() -> {
            stores.partitions();
            return flow.apply(from);
        });
    }

    @Override
    public Map<LaneWork, Long> lanes() {
        return reading(() -> {
            stores.partitions();
            return lanes.get();
        });
    }

    @Override
    public Map<FileGroup, Long> counts() {
        return reading(() -> {
            // This throws if the table is not ready. The counts alone do not show what is missing.
            stores.partitions();
            return counts.get();
        });
    }

    private static <T> T reading(Supplier<T> read) {
        try {
            return read.get();
        } catch (InvalidStateStoreException e) {
            // A rebalance has closed a store that was open a moment ago.
            throw new TableNotReadyException("a partition of the table is on its way to another instance", e);
        }
    }
}
