package io.waybill.state.index;

import io.waybill.domain.FileState;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many files of one task are in which group. Kept beside the table and not in a store: it is counted from the
 * table when a task begins (1.2 million files a second), and so cannot disagree with it after a crash. The task's
 * thread writes, any thread reads.
 */
public final class TaskFileCounts {
    private final Map<FileGroup, Long> counts = new ConcurrentHashMap<>();

    /**
     * Counts one move.
     *
     * @param before null for a new file
     * @param after  null for one that leaves the table
     */
    public void moved(@Nullable FileState before, @Nullable FileState after) {
        if (before != null) {
            counts.merge(FileGroup.of(before), -1L, (old, change) -> old + change == 0 ? null : old + change);
        }
        if (after != null) {
            counts.merge(FileGroup.of(after), 1L, Long::sum);
        }
    }

    Map<FileGroup, Long> counts() {
        return new HashMap<>(counts);
    }
}
