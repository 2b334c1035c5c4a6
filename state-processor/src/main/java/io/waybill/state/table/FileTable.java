package io.waybill.state.table;

import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Heartbeat;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueKey;
import io.waybill.state.index.FileGroup;
import io.waybill.state.index.GroupIndex;
import io.waybill.state.index.TaskFileCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The authoritative states of one task's files, with their history and with the time at which ended files leave the
 * table. For the task's thread only.
 */
final class FileTable implements ReleasePass.Files {
    /** The number of moves that the history of one file keeps, the newest. */
    static final int HISTORY_LENGTH = 50;
    /** The number of files whose states stay in memory, because most events of a file come within seconds. */
    private static final int RECENT = 1_000;

    private final KeyValueStore<FileId, FileState> files;
    private final KeyValueStore<HistoryKey, HistoryEntry> history;
    private final DueIndex expiry;
    private final GroupIndex groups;
    private final Function<RouteName, Duration> stay;
    private final TaskFileCounts counts = new TaskFileCounts();
    private final LinkedHashMap<FileId, FileState> recent = new LinkedHashMap<>(2 * RECENT, 0.75f, true);

    /**
     * @param stay how long an ended file of a route stays
     */
    FileTable(
            KeyValueStore<FileId, FileState> files,
            KeyValueStore<HistoryKey, HistoryEntry> history,
            DueIndex expiry,
            GroupIndex groups,
            Function<RouteName, Duration> stay) {
        this.files = files;
        this.history = history;
        this.expiry = expiry;
        this.groups = groups;
        this.stay = stay;
        groups.fit(files, counts);
    }

    TaskFileCounts counts() {
        return counts;
    }

    @Override
    public @Nullable FileState get(FileId id) {
        FileState known = recent.get(id);
        return known == null ? files.get(id) : known;
    }

    @Override
    public List<FileGroup> groups(Predicate<FileGroup> wanted) {
        return counts.counts().keySet().stream().filter(wanted).toList();
    }

    @Override
    public List<FileId> members(FileGroup group, @Nullable FileId after, int most) {
        return groups.members(group, after, most);
    }

    private void keep(FileState file) {
        recent.put(file.id(), file);
        if (recent.size() > RECENT) {
            recent.pollFirstEntry();
        }
    }

    /**
     * Replaces the state of a file.
     *
     * @param note an addition to the event's own text in the history; may be empty
     */
    void put(@Nullable FileState before, FileState after, FileEvent event, String note) {
        files.put(after.id(), after);
        keep(after);
        if (after.forgotten()) {
            forgetHistory(after);
        } else {
            remember(after, event, note);
        }
        if (after.status().terminal()) {
            expiry.add(DueKey.of(leavesAt(after), after.id()));
        }
        groups.moved(before, after);
        counts.moved(before, after);
    }

    private void remember(FileState after, FileEvent event, String note) {
        if (event instanceof Heartbeat) {
            // Of several heartbeats in a row the last one is enough.
            var before = new HistoryKey(after.id(), after.version() - 1);
            HistoryEntry entry = history.get(before);
            if (entry != null && entry.event().equals(Heartbeat.class.getSimpleName())) {
                forget(before);
            }
        }
        history.put(new HistoryKey(after.id(), after.version()), HistoryEntry.of(event, after, note));
        if (after.version() > HISTORY_LENGTH) {
            // It is not enough to remove the entry HISTORY_LENGTH versions ago. It may have been removed long ago, and
            // older entries may still exist.
            List<HistoryKey> keys = entries(after);
            keys.subList(0, Math.max(0, keys.size() - HISTORY_LENGTH)).forEach(this::forget);
        }
    }

    /** The keys of a file's history, oldest first. */
    private List<HistoryKey> entries(FileState file) {
        List<HistoryKey> keys = new ArrayList<>();
        try (var entries = history.range(
                new HistoryKey(file.id(), 0), new HistoryKey(file.id(), file.version()))) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    private Instant leavesAt(FileState file) {
        return file.changedAt().plus(stay.apply(file.route()));
    }

    /** Removes the files whose retention is over, within the budget of one sweep. */
    void expire(Instant now, Consumer<FileState> expired) {
        expiry.sweep(now, DueIndex.Budget.DEFAULT, due -> {
            FileState file = get(due.id());
            // If the file was redriven meanwhile, skip the entry of its earlier end.
            if (file == null || !file.status().terminal()) {
                return;
            }
            // If a file in doubt left the table, a repeated notification would send it, before a person has decided.
            Instant leaves = file.inDoubt() ? now.plus(stay.apply(file.route())) : leavesAt(file);
            if (leaves.isAfter(now)) {
                expiry.add(DueKey.of(leaves, file.id()));
                return;
            }
            files.put(file.id(), null);
            recent.remove(file.id());
            forgetHistory(file);
            groups.moved(file, null);
            counts.moved(file, null);
            expired.accept(file);
        });
    }

    private void forgetHistory(FileState file) {
        entries(file).forEach(this::forget);
    }

    /** Does not call delete(), because that reads the old value first to return it. */
    private void forget(HistoryKey key) {
        history.put(key, null);
    }
}
