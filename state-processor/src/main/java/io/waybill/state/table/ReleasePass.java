package io.waybill.state.table;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.state.index.FileGroup;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the files of one task that wait for one thing, oldest first. Each lane gets one file, and two more for each that
 * a worker takes up. If a file is deferred again, its lane gets no more: the thing that the files wait for is still down
 * for the owner of that lane. Finds the files in steps, so that no step takes long, and keeps only the oldest of them in
 * memory. For the task's thread.
 */
final class ReleasePass {
    /** The number of files that one step looks at. */
    static final int LOOKED_AT = 2_000;
    /** The number of files that are kept in memory, the oldest. The others are found again after them. */
    static final int KEPT = 10_000;
    /** The most files of a lane that are handed out and not taken up. */
    static final int WIDEST = 64;

    private static final Comparator<Candidate> BY_AGE =
            Comparator.comparing(Candidate::arrived).thenComparing(Candidate::id);

    private final Files table;
    private final Predicate<FileGroup> groups;
    private final Predicate<FileState> files;
    private final Consumer<FileState> handOut;
    private final int kept;
    private final PriorityQueue<Candidate> oldest = new PriorityQueue<>(BY_AGE.reversed());
    private final Map<String, LaneWindow> lanes = new LinkedHashMap<>();
    private final Map<FileId, LaneWindow> handedOut = new HashMap<>();
    private Deque<FileGroup> toLookAt = new ArrayDeque<>();
    private @Nullable FileId lookedAt;
    private boolean searching = true;
    private boolean more;

    /** The files of a task. */
    interface Files {
        /** The groups that have files. */
        List<FileGroup> groups(Predicate<FileGroup> wanted);

        /** Some files of a group, as {@link io.waybill.state.index.GroupIndex#members}. */
        List<FileId> members(FileGroup group, @Nullable FileId after, int most);

        @Nullable
        FileState get(FileId id);
    }

    private record Candidate(Instant arrived, FileId id, String lane) {}

    /** The files of a lane. */
    private static final class LaneWindow {
        private final Deque<FileId> waiting = new ArrayDeque<>();
        private int width = 1;
        private int out;
        private boolean closed;
    }

    /**
     * @param groups  the groups that may have such files
     * @param files   whether a file waits for the thing, and since before the pass
     * @param handOut makes the attempt of a file due
     */
    ReleasePass(
            Files table, Predicate<FileGroup> groups, Predicate<FileState> files, Consumer<FileState> handOut) {
        this(table, groups, files, handOut, KEPT);
    }

    /**
     * @param kept the number of files that are kept in memory
     */
    ReleasePass(
            Files table,
            Predicate<FileGroup> groups,
            Predicate<FileState> files,
            Consumer<FileState> handOut,
            int kept) {
        this.table = table;
        this.groups = groups;
        this.files = files;
        this.handOut = handOut;
        this.kept = kept;
        search();
    }

    private void search() {
        toLookAt = new ArrayDeque<>(table.groups(groups));
        lookedAt = null;
        searching = true;
        more = false;
    }

    /** Whether the next step looks for files. */
    boolean searching() {
        return searching;
    }

    /**
     * Does one step.
     *
     * @return false if nothing is left to do
     */
    boolean step() {
        if (searching) {
            look();
            if (searching) {
                return true;
            }
        }
        lanes.values().forEach(this::handOut);
        if (lanes.values().stream().anyMatch(lane -> !lane.waiting.isEmpty())) {
            return true;
        }
        if (more) {
            search();
        }
        return more || searching;
    }

    private void look() {
        int left = LOOKED_AT;
        while (left > 0 && !toLookAt.isEmpty()) {
            List<FileId> some = table.members(toLookAt.getFirst(), lookedAt, left);
            some.forEach(this::consider);
            left -= Math.max(1, some.size());
            if (some.isEmpty()) {
                toLookAt.removeFirst();
                lookedAt = null;
            } else {
                lookedAt = some.getLast();
            }
        }
        if (toLookAt.isEmpty()) {
            searching = false;
            oldest.stream().sorted(BY_AGE).forEach(
                    found -> lanes.computeIfAbsent(found.lane(), _ -> new LaneWindow()).waiting.add(found.id()));
            oldest.clear();
        }
    }

    private void consider(FileId id) {
        FileState file = table.get(id);
        if (file == null || !files.test(file)) {
            return;
        }
        String lane = lane(file);
        LaneWindow known = lanes.get(lane);
        if (known != null && known.closed) {
            return;
        }
        oldest.add(new Candidate(file.arrivedAt(), id, lane));
        if (oldest.size() > kept) {
            oldest.remove();
            more = true;
        }
    }

    private static String lane(FileState file) {
        return file.target() == null ? "" : file.target().destination() + "#" + file.lane();
    }

    private void handOut(LaneWindow lane) {
        while (!lane.closed && lane.out < lane.width && !lane.waiting.isEmpty()) {
            FileId id = lane.waiting.remove();
            FileState file = table.get(id);
            if (file != null && files.test(file)) {
                lane.out++;
                handedOut.put(id, lane);
                handOut.accept(file);
            }
        }
    }

    /** Takes note of a file that moved. */
    void moved(FileState after) {
        if (after.phase() instanceof Phase.Queued) {
            return;
        }
        LaneWindow lane = handedOut.remove(after.id());
        if (lane == null) {
            return;
        }
        lane.out--;
        if (after.phase() instanceof Phase.Waiting waiting && waiting.cause() == Phase.Waiting.Cause.DEFERRAL) {
            lane.closed = true;
            lane.waiting.clear();
        } else {
            lane.width = Math.min(WIDEST, lane.width + 1);
            handOut(lane);
        }
    }
}
