package io.waybill.state.index;

import io.waybill.domain.FileState;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The number of files of one task in each group. It is not in a store: the task counts the table when it begins (1.2
 * million files a second). So the counts agree with the table even after a crash. The task's thread writes; any thread
 * reads.
 */
public final class TaskFileCounts {
    private final Map<FileGroup, Long> counts = new ConcurrentHashMap<>();

    /**
     * Counts one move.
     *
     * @param before null for a new file
     * @param after  null for a file that leaves the table
     */
    public void moved(@Nullable FileState before, @Nullable FileState after) {
        if (before != null) {
            counts.merge(FileGroup.of(before), -1L, (old, change) -> old + change == 0 ? null : old + change);
        }
        if (after != null) {
            counts.merge(FileGroup.of(after), 1L, Long::sum);
        }
    }

    /** A copy of the counts. */
    public Map<FileGroup, Long> counts() {
        return new HashMap<>(counts);
    }
}
