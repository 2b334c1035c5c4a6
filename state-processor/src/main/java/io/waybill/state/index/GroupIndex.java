package io.waybill.state.index;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records which files are in which group, in which order they arrived, and which object they are versions of. One index
 * serves every filter: a filter selects some groups, and the reader merges their ranges. The task writes the index when
 * a file comes, goes, or changes its group. The index is only on this machine,
 * because a changelog would cost more than a rebuild. If the index does not match the table at the start of a task, the
 * task rebuilds it. That happens after a crash, after a move of the task, or at the first start of a version that has
 * the index. Only the task's thread writes.
 */
public final class GroupIndex {
    private static final Logger LOG = LoggerFactory.getLogger(GroupIndex.class);
    static final byte[] NOTHING = {};
    private static final int BATCH = 1_000;

    private final KeyValueStore<GroupKey, byte[]> store;

    /**
     * @param store from {@link #storeBuilder}
     */
    public GroupIndex(KeyValueStore<GroupKey, byte[]> store) {
        this.store = store;
    }

    /** Builds the store of an index, without a changelog. */
    public static StoreBuilder<KeyValueStore<GroupKey, byte[]>> storeBuilder(String name) {
        return Stores.keyValueStoreBuilder(
                WriteBackStore.over(Stores.persistentKeyValueStore(name)), GroupKey.serde(), Serdes.ByteArray())
                .withLoggingDisabled();
    }

    /**
     * Follows one move of a file.
     *
     * @param before null for a new file
     * @param after  null for a file that leaves the table
     */
    public void moved(@Nullable FileState before, @Nullable FileState after) {
        replace(before, after, GroupIndex::inGroup);
        if (before == null
                || after == null
                || !before.arrivedAt().equals(after.arrivedAt())
                || before.forgotten() != after.forgotten()) {
            replace(before, after, GroupKey::ofArrival);
            replace(before, after, GroupKey::ofObject);
        }
    }

    private void replace(
            @Nullable FileState before, @Nullable FileState after, Function<FileState, GroupKey> entry) {
        GroupKey from = before == null ? null : entry.apply(before);
        GroupKey to = after == null ? null : entry.apply(after);
        if (Objects.equals(from, to)) {
            return;
        }
        if (from != null) {
            store.put(from, null);
        }
        if (to != null) {
            store.put(to, NOTHING);
        }
    }

    private static GroupKey inGroup(FileState file) {
        return GroupKey.of(FileGroup.of(file), file.id());
    }

    private static List<GroupKey> entries(FileState file) {
        return List.of(inGroup(file), GroupKey.ofArrival(file), GroupKey.ofObject(file));
    }

    /**
     * Some files of a group, in the order of their ids.
     *
     * @param after the id after which they begin; null for the first ones
     * @param most  1 or more
     */
    public List<FileId> members(FileGroup group, @Nullable FileId after, int most) {
        GroupKey first = after == null ? GroupKey.firstOf(group) : GroupKey.of(group, after);
        var members = new ArrayList<FileId>();
        try (KeyValueIterator<GroupKey, byte[]> keys = store.range(first, GroupKey.lastOf(group))) {
            while (keys.hasNext() && members.size() < most) {
                FileId id = keys.next().key.id();
                if (!id.equals(after)) {
                    members.add(id);
                }
            }
        }
        return members;
    }

    /**
     * Makes the index match the table. Call this once, before the first move.
     *
     * @param counts gets every file of the table
     */
    public void fit(KeyValueStore<FileId, FileState> files, TaskFileCounts counts) {
        long expected = 0;
        try (KeyValueIterator<FileId, FileState> all = files.all()) {
            while (all.hasNext()) {
                FileState file = all.next().value;
                counts.moved(null, file);
                for (GroupKey entry : entries(file)) {
                    expected += entry.fingerprint();
                }
            }
        }
        long found = 0;
        try (KeyValueIterator<GroupKey, byte[]> all = store.all()) {
            while (all.hasNext()) {
                found += all.next().key.fingerprint();
            }
        }
        if (found != expected) {
            rebuild(files);
        }
    }

    private void rebuild(KeyValueStore<FileId, FileState> files) {
        LOG.atInfo().addKeyValue("store", store.name()).log("The index of the table is rebuilt");
        List<KeyValue<GroupKey, byte[]>> batch = new ArrayList<>();
        try (KeyValueIterator<GroupKey, byte[]> all = store.all()) {
            while (all.hasNext()) {
                add(batch, KeyValue.pair(all.next().key, null));
            }
        }
        write(batch);
        try (KeyValueIterator<FileId, FileState> all = files.all()) {
            while (all.hasNext()) {
                entries(all.next().value).forEach(entry -> add(batch, KeyValue.pair(entry, NOTHING)));
            }
        }
        write(batch);
    }

    private void add(List<KeyValue<GroupKey, byte[]>> batch, KeyValue<GroupKey, byte[]> entry) {
        batch.add(entry);
        if (batch.size() == BATCH) {
            write(batch);
        }
    }

    private void write(List<KeyValue<GroupKey, byte[]>> batch) {
        store.putAll(batch);
        batch.clear();
    }
}
