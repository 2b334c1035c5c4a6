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
 * Looks once through all files of a task after it began, some with each tick, since a look at millions would hold the
 * stream thread for seconds. It has deadlines set anew where the configuration of today sets them otherwise than the
 * one that they were set by, and it counts them. What changes meanwhile is counted where it has been already, and found
 * where it has not.
 */
final class DeadlineRecalculation {
    private final KeyValueStore<FileId, TrackedFile> files;
    private final int portion;
    private @Nullable FileId last;
    private boolean done;
    private long deadlines;

    /**
     * @param portion files looked at with each tick, 1 or more
     */
    DeadlineRecalculation(KeyValueStore<FileId, TrackedFile> files, int portion) {
        this.files = files;
        this.portion = portion;
    }

    /** How many deadlines are set, as far as it has looked. */
    long deadlines() {
        return deadlines;
    }

    /** To be told of each change of a file. */
    void changed(FileId id, @Nullable TrackedFile before, @Nullable TrackedFile after) {
        if (done || last != null && id.compareTo(last) <= 0) {
            deadlines += count(after) - count(before);
        }
    }

    private static int count(@Nullable TrackedFile file) {
        return file != null && file.deadline() != null ? 1 : 0;
    }

    /**
     * Looks at some more.
     *
     * @param renew is called with each file that has a deadline, and says what it left in the store
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

    /** Read before anything is written. */
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
