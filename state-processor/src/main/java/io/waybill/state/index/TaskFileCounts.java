package io.waybill.state.index;

import io.waybill.domain.FileState;
import io.waybill.domain.RouteName;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The number of files of one task in each group. It is not in a store: the task counts the table when it begins (1.2
 * million files a second). So the counts agree with the table even after a crash. The task's thread writes; any thread
 * reads.
 */
public final class TaskFileCounts {
    private final Map<FileGroup, Long> counts = new ConcurrentHashMap<>();
    /** For each route, how many open files arrived in which second. */
    private final Map<RouteName, ConcurrentNavigableMap<Long, Long>> open = new ConcurrentHashMap<>();
    private final TaskFlow flow = new TaskFlow();
    private final Map<LaneWork, Long> lanes = new ConcurrentHashMap<>();

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
        if (!Objects.equals(openSince(before), openSince(after))) {
            add(before, -1);
            add(after, 1);
        }
        flow.moved(before, after);
        LaneWork from = LaneWork.of(before);
        LaneWork to = LaneWork.of(after);
        if (!Objects.equals(from, to)) {
            addWork(from, -1);
            addWork(to, 1);
        }
    }

    private void addWork(@Nullable LaneWork work, long change) {
        if (work != null) {
            lanes.merge(work, change, (old, more) -> old + more == 0 ? null : old + more);
        }
    }

    /** The open deliveries of each lane. */
    Map<LaneWork, Long> lanes() {
        return lanes;
    }

    private static @Nullable Long openSince(@Nullable FileState file) {
        return file == null || file.status().terminal() ? null : Long.valueOf(file.arrivedAt().getEpochSecond());
    }

    private void add(@Nullable FileState file, long change) {
        Long since = openSince(file);
        if (file != null && since != null) {
            open.computeIfAbsent(file.route(), _ -> new ConcurrentSkipListMap<>())
                    .merge(since, change, (old, more) -> old + more == 0 ? null : old + more);
        }
    }

    /** When the oldest open file of each route arrived, to the second. */
    Map<RouteName, Instant> oldestOpen() {
        var oldest = new HashMap<RouteName, Instant>();
        open.forEach((route, arrivals) -> {
            Map.Entry<Long, Long> first = arrivals.firstEntry();
            if (first != null) {
                oldest.put(route, Instant.ofEpochSecond(first.getKey()));
            }
        });
        return oldest;
    }

    /** What happened in which minute. */
    TaskFlow flow() {
        return flow;
    }

    /** A copy of the counts. */
    public Map<FileGroup, Long> counts() {
        return new HashMap<>(counts);
    }
}
