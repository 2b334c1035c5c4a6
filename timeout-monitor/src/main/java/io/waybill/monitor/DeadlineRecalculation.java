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
 * stream thread for seconds. It has alarms set anew where the configuration of today sets them otherwise than the one
 * that they were set by, and it counts them. What changes meanwhile is counted where it has been already, and found
 * where it has not.
 */
final class Recount {
    private final KeyValueStore<FileId, Watched> watched;
    private final int portion;
    private @Nullable FileId last;
    private boolean done;
    private long alarms;

    /**
     * @param portion files looked at with each tick, 1 or more
     */
    Recount(KeyValueStore<FileId, Watched> watched, int portion) {
        this.watched = watched;
        this.portion = portion;
    }

    /** How many alarms are set, as far as it has looked. */
    long alarms() {
        return alarms;
    }

    /** To be told of each change of a file. */
    void changed(FileId id, @Nullable Watched before, @Nullable Watched after) {
        if (done || last != null && id.compareTo(last) <= 0) {
            alarms += count(after) - count(before);
        }
    }

    private static int count(@Nullable Watched file) {
        return file != null && file.alarm() != null ? 1 : 0;
    }

    /**
     * Looks at some more.
     *
     * @param renew is called with each file that has an alarm, and says what it left in the store
     */
    void goOn(BiFunction<FileId, Watched, Watched> renew) {
        if (done) {
            return;
        }
        for (KeyValue<FileId, Watched> file : next()) {
            alarms += count(file.value.alarm() == null ? file.value : renew.apply(file.key, file.value));
            last = file.key;
        }
    }

    /** Read before anything is written. */
    private List<KeyValue<FileId, Watched>> next() {
        var files = new ArrayList<KeyValue<FileId, Watched>>(portion);
        FileId from = last;
        try (KeyValueIterator<FileId, Watched> entries = from == null ? watched.all() : watched.range(from, null)) {
            while (entries.hasNext() && files.size() < portion) {
                KeyValue<FileId, Watched> entry = entries.next();
                if (!entry.key.equals(from)) {
                    files.add(entry);
                }
            }
            done = !entries.hasNext();
        }
        return files;
    }
}
