package io.waybill.state.query;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.GroupKey;
import io.waybill.state.query.FileQueries.Newest;
import io.waybill.state.query.FileQueries.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Finds files by the order of their arrival, the newest first, and by the key of their object. Both are entries of the
 * index. Safe for several threads.
 */
final class ArrivalQueries {
    private final LocalStores stores;

    ArrivalQueries(LocalStores stores) {
        this.stores = stores;
    }

    /** The arrivals of one partition. */
    private static final class Arrivals implements AutoCloseable {
        private final LocalStores.Partition partition;
        private final KeyValueIterator<GroupKey, byte[]> entries;

        private Arrivals(LocalStores.Partition partition, Optional<String> after) {
            this.partition = partition;
            GroupKey first = after.map(GroupKey::afterArrival).orElseGet(GroupKey::firstArrival);
            entries = partition.groups().range(first, GroupKey.lastArrival());
        }

        String head() {
            return entries.peekNextKey().position();
        }

        /** The next file; null if it left the table meanwhile. */
        @Nullable
        FileState take() {
            return partition.files().get(entries.next().key.id());
        }

        @Override
        public void close() {
            entries.close();
        }
    }

    /**
     * Goes through all files by their arrival.
     *
     * @param largest how many files to look at
     */
    Newest newest(FileFilter filter, Optional<String> after, int limit, int largest) {
        var all = new ArrayList<Arrivals>();
        try {
            stores.partitions().forEach(partition -> all.add(new Arrivals(partition, after)));
            var heads = new PriorityQueue<Arrivals>(Comparator.comparing(Arrivals::head));
            all.stream().filter(arrivals -> arrivals.entries.hasNext()).forEach(heads::add);
            var files = new ArrayList<FileState>();
            String last = after.orElse("");
            for (int looked = 0; !heads.isEmpty() && files.size() < limit && looked < largest; looked++) {
                Arrivals least = heads.remove();
                String position = least.head();
                FileState file = least.take();
                if (file != null && !position.equals(last) && filter.matches(file)) {
                    files.add(file);
                }
                last = position;
                if (least.entries.hasNext()) {
                    heads.add(least);
                }
            }
            return new Newest(files, heads.isEmpty() ? Optional.empty() : Optional.of(last));
        } finally {
            all.forEach(Arrivals::close);
        }
    }

    /** Sorts the files of some small groups. */
    Newest newestOfGroups(FileFilter filter, Collection<FileGroup> groups, Optional<String> after, int limit) {
        var files = new ArrayList<FileState>();
        for (LocalStores.Partition partition : stores.partitions()) {
            for (FileGroup group : groups) {
                collect(partition, GroupKey.firstOf(group), GroupKey.lastOf(group), filter, files::add);
            }
        }
        return newest(files, after, limit);
    }

    Newest newestOfObject(FileFilter filter, String key, Optional<String> after, int limit) {
        return newest(ofObject(filter, key, ArrivalQueries::position, after, limit), after, limit);
    }

    /** The files of an object's key in the order of their ids. */
    Page ofObject(FileFilter filter, String key, Optional<FileId> after, int limit) {
        List<FileState> rest =
                ofObject(filter, key, file -> file.id().value(), after.map(FileId::value), limit);
        List<FileState> page = rest.subList(0, Math.min(limit, rest.size()));
        return new Page(page, page.size() < rest.size() ? Optional.of(page.getLast().id()) : Optional.empty());
    }

    /**
     * The first files of an object's key in an order, one more than the limit. Several versions may have files, on several
     * routes: an object that is written every minute has many, and only these are kept in memory.
     */
    private List<FileState> ofObject(
            FileFilter filter, String key, Function<FileState, String> order, Optional<String> after, int limit) {
        var first = new TreeMap<String, FileState>();
        for (LocalStores.Partition partition : stores.partitions()) {
            collect(partition, GroupKey.firstOfObject(key), GroupKey.lastOfObject(key), filter, file -> {
                String place = order.apply(file);
                if (after.isEmpty() || place.compareTo(after.get()) > 0) {
                    first.put(place, file);
                    if (first.size() > limit + 1) {
                        first.pollLastEntry();
                    }
                }
            });
        }
        return List.copyOf(first.values());
    }

    /**
     * The newest version of an object at a target. The entries of each partition begin with the version that was written
     * last, so most looks end at the first one.
     *
     * @param largest how many files of each partition to look at
     */
    Optional<FileState> newer(SourceObject than, Target at, int largest) {
        return stores.partitions().stream()
                .flatMap(partition -> newer(partition, than, at, largest).stream())
                .max(Comparator.comparing(file -> file.source().lastModified()));
    }

    private static Optional<FileState> newer(
            LocalStores.Partition partition, SourceObject than, Target at, int largest) {
        GroupKey from = GroupKey.firstOfObject(than.key());
        GroupKey to = GroupKey.lastOfObjectSince(than.key(), than.lastModified());
        try (var entries = partition.groups().range(from, to)) {
            for (int looked = 0; entries.hasNext() && looked < largest; looked++) {
                FileState file = partition.files().get(entries.next().key.id());
                if (file != null && isNewer(file, than, at)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a file is a newer version of an object, and stands at a target, may stand there or is on its way there. */
    static boolean isNewer(FileState file, SourceObject than, Target at) {
        boolean there = file.receipt() != null || !file.status().terminal() || file.inDoubt();
        return there
                && at.equals(file.target())
                && file.source().bucket().equals(than.bucket())
                && file.source().key().equals(than.key())
                && file.source().lastModified().isAfter(than.lastModified());
    }

    private static void collect(
            LocalStores.Partition partition, GroupKey from, GroupKey to, FileFilter filter,
            Consumer<FileState> files) {
        try (var entries = partition.groups().range(from, to)) {
            while (entries.hasNext()) {
                FileState file = partition.files().get(entries.next().key.id());
                if (file != null && filter.matches(file)) {
                    files.accept(file);
                }
            }
        }
    }

    private static Newest newest(List<FileState> files, Optional<String> after, int limit) {
        List<FileState> rest = files.stream()
                .filter(file -> after.isEmpty() || position(file).compareTo(after.get()) > 0)
                .sorted(Comparator.comparing(ArrivalQueries::position))
                .distinct()
                .toList();
        List<FileState> page = rest.subList(0, Math.min(limit, rest.size()));
        return new Newest(page, page.size() < rest.size() ? Optional.of(position(page.getLast())) : Optional.empty());
    }

    private static String position(FileState file) {
        return GroupKey.position(file.arrivedAt(), file.id());
    }
}
