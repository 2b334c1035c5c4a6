package io.waybill.state.query;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.GroupKey;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Some files of one partition, in the order of their ids. The caller closes it. */
abstract class FileCursor<K, V> implements AutoCloseable {
    private final KeyValueIterator<K, V> entries;
    private @Nullable FileId head;

    private FileCursor(KeyValueIterator<K, V> entries) {
        this.entries = entries;
    }

    /** The whole table of a partition, from this id on. */
    static FileCursor<?, ?> ofTable(LocalStores.Partition partition, Optional<FileId> from) {
        var files = partition.files();
        return new FileCursor<FileId, FileState>(from.isPresent() ? files.range(from.get(), null) : files.all()) {
            @Override
            FileId id(FileId key) {
                return key;
            }

            @Override
            FileState file(FileId key, FileState value) {
                return value;
            }
        };
    }

    /** A group in a partition, from this id on. */
    static FileCursor<?, ?> ofGroup(LocalStores.Partition partition, FileGroup group, Optional<FileId> from) {
        GroupKey first = from.map(id -> GroupKey.of(group, id)).orElseGet(() -> GroupKey.firstOf(group));
        ReadOnlyKeyValueStore<FileId, FileState> files = partition.files();
        return new FileCursor<GroupKey, byte[]>(partition.groups().range(first, GroupKey.lastOf(group))) {
            @Override
            FileId id(GroupKey key) {
                return key.id();
            }

            @Override
            @Nullable
            FileState file(GroupKey key, byte[] value) {
                return files.get(key.id());
            }
        };
    }

    abstract FileId id(K key);

    abstract @Nullable FileState file(K key, V value);

    boolean hasNext() {
        return entries.hasNext();
    }

    /** The next file's id. */
    FileId head() {
        FileId known = head;
        if (known == null) {
            known = id(entries.peekNextKey());
            head = known;
        }
        return known;
    }

    /** Returns the next file; null if it left the table meanwhile. */
    @Nullable
    FileState take() {
        head = null;
        var entry = entries.next();
        return file(entry.key, entry.value);
    }

    /** Skips the next file. */
    void skip() {
        head = null;
        entries.next();
    }

    @Override
    public void close() {
        entries.close();
    }
}
