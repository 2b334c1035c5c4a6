package io.waybill.state.index;

import io.waybill.domain.FileState;
import io.waybill.state.index.FlowCounts.Group;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * In which minute the files of one task arrived, and in which they ended. It says what the table says, and no more: a file
 * counts in the minute of its arrival, and in that of its present end. So a task that begins finds the same by counting
 * the table, and a restart or a move to another instance changes nothing. It has the newest minutes only, so that its size
 * is bounded. The task's thread writes; any thread reads.
 */
public final class TaskFlow {
    /** The most minutes that are kept. */
    public static final int MOST_MINUTES = 180;

    private final ConcurrentNavigableMap<Long, Map<Group, FlowCounts>> minutes = new ConcurrentSkipListMap<>();

    /**
     * Counts one move.
     *
     * @param before null for a new file
     * @param after  null for a file that leaves the table
     */
    void moved(@Nullable FileState before, @Nullable FileState after) {
        if (before == null || after == null || !sameArrival(before, after)) {
            count(before, arrival(before), FlowCounts.ARRIVED.negative());
            count(after, arrival(after), FlowCounts.ARRIVED);
        }
        if (ended(before) || ended(after)) {
            if (before != null) {
                count(before, minute(before.since()), FlowCounts.ended(before).negative());
            }
            if (after != null) {
                count(after, minute(after.since()), FlowCounts.ended(after));
            }
        }
    }

    private static boolean ended(@Nullable FileState file) {
        return file != null && file.status().terminal();
    }

    /** A file may get another target, or lose it. Then it arrived in another group. */
    private static boolean sameArrival(FileState before, FileState after) {
        return Objects.equals(arrival(before), arrival(after)) && Group.of(before).equals(Group.of(after));
    }

    private static @Nullable Long arrival(@Nullable FileState file) {
        return file == null ? null : Long.valueOf(minute(file.arrivedAt()));
    }

    /** The number of a minute since 1970. */
    public static long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), 60);
    }

    private void count(@Nullable FileState file, @Nullable Long minute, FlowCounts change) {
        if (file == null || minute == null || change.equals(FlowCounts.NONE)) {
            return;
        }
        Map<Group, FlowCounts> counts = minutes.get(minute);
        if (counts == null) {
            // A minute that was dropped does not come back, and would have a part of its files.
            if (minutes.size() >= MOST_MINUTES && minute < minutes.firstKey()) {
                return;
            }
            counts = new ConcurrentHashMap<>();
            minutes.put(minute, counts);
            if (minutes.size() > MOST_MINUTES) {
                minutes.pollFirstEntry();
            }
        }
        counts.merge(Group.of(file), change, (one, other) -> {
            FlowCounts sum = one.plus(other);
            return sum.equals(FlowCounts.NONE) ? null : sum;
        });
    }

    /** The minutes from one on. */
    Map<Long, Map<Group, FlowCounts>> since(long minute) {
        return minutes.tailMap(minute);
    }
}
