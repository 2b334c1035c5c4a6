package io.waybill.state;

import io.waybill.domain.DestinationName;
import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import io.waybill.domain.Status;
import io.waybill.domain.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many files of one task are in which status. Kept beside the table and not in a store: it is counted from the
 * table when a task begins (1.2 million files a second), and so cannot disagree with it after a crash. The task's
 * thread writes, any thread reads.
 */
final class Tally {
    private final Map<Group, Long> counts = new ConcurrentHashMap<>();

    /**
     * Files that are counted together.
     *
     * @param destination null for files without a target
     */
    record Group(Status status, RouteName route, @Nullable DestinationName destination) {
        static Group of(FileState file) {
            Target target = file.target();
            return new Group(file.status(), file.route(), target == null ? null : target.destination());
        }
    }

    /**
     * Counts one move.
     *
     * @param before null for a new file
     * @param after  null for one that leaves the table
     */
    void moved(@Nullable FileState before, @Nullable FileState after) {
        if (before != null) {
            counts.merge(Group.of(before), -1L, (old, change) -> old + change == 0 ? null : old + change);
        }
        if (after != null) {
            counts.merge(Group.of(after), 1L, Long::sum);
        }
    }

    Map<Group, Long> counts() {
        return new HashMap<>(counts);
    }
}
