package io.waybill.monitor;

import io.waybill.domain.FileId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads all files of a task once after the task has begun. Each tick reads some files, because reading millions at once
 * would hold the stream thread for seconds. If today's configuration gives a file another deadline, it sets that
 * deadline. It also counts the deadlines. A change of a file that was already read changes the count. The other files
 * are read later.
 */
final class DeadlineRecalculation {
    private final KeyValueStore<FileId, TrackedFile> files;
    private final int portion;
    private @Nullable FileId last;
    private boolean done;
    private long deadlines;

    /**
     * @param portion number of files that each tick reads, 1 or more
     */
    DeadlineRecalculation(KeyValueStore<FileId, TrackedFile> files, int portion) {
        this.files = files;
        this.portion = portion;
    }

    /** The number of deadlines in the files that were already read. */
    long deadlines() {
        return deadlines;
    }

    /** Call this for each change of a file. */
    void changed(FileId id, @Nullable TrackedFile before, @Nullable TrackedFile after) {
        if (done || last != null && id.compareTo(last) <= 0) {
            deadlines += count(after) - count(before);
        }
    }

    private static int count(@Nullable TrackedFile file) {
        return file != null && file.deadline() != null ? 1 : 0;
    }

    /** Whether all files have been read. */
    boolean done() {
        return done;
    }

    /**
     * Reads some more files.
     *
     * @param renew is called with each file that has a deadline, and returns what it left in the store
     */
    void goOn(BiFunction<FileId, TrackedFile, TrackedFile> renew) {
        if (done) {
            return;
        }
        for (KeyValue<FileId, TrackedFile> file : next()) {
            deadlines += count(file.value.deadline() == null ? file.value : renew.apply(file.key, file.value));
            last = file.key;
        }
    }

    /** Reads the files before anything is written. */
    private List<KeyValue<FileId, TrackedFile>> next() {
        var some = new ArrayList<KeyValue<FileId, TrackedFile>>(portion);
        FileId from = last;
        try (KeyValueIterator<FileId, TrackedFile> entries = from == null ? files.all() : files.range(from, null)) {
            while (entries.hasNext() && some.size() < portion) {
                KeyValue<FileId, TrackedFile> entry = entries.next();
                if (!entry.key.equals(from)) {
                    some.add(entry);
                }
            }
            done = !entries.hasNext();
        }
        return some;
    }
}
