package io.waybill.state.table;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.state.index.FileGroup;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the files of one task that wait for one thing, oldest first. Each lane gets one file, and two more for each
 * that a worker takes up. If a file is deferred again for the same thing, its lane gets no more: the thing is still down
 * for the owner of that lane. Files without a target are on no lane yet, and nobody has to take them up. Finds the files
 * in steps, so that no step takes long, and keeps only the oldest of each lane in memory. For the task's thread.
 */
final class ReleasePass {
    /** The number of files that are kept in memory. The others are found again after them. */
    static final int KEPT = 10_000;
    /** The most files of a lane that are handed out and not taken up. */
    static final int WIDEST = 64;
    /** The most files of a lane that one step hands out, also if they end at once or are on no lane yet. */
    static final int AT_ONCE = 200;

    private static final Comparator<Candidate> BY_AGE =
            Comparator.comparing(Candidate::arrived).thenComparing(Candidate::id);
    private static final String NO_LANE = "";

    private final Files table;
    private final Wanted wanted;
    private final Predicate<FileState> handOut;
    private final int kept;
    private final Map<String, LaneWindow> lanes = new LinkedHashMap<>();
    private final Map<FileId, LaneWindow> handedOut = new HashMap<>();
    private Deque<FileGroup> toLookAt = new ArrayDeque<>();
    private @Nullable FileId lookedAt;
    private int found;
    private boolean searching;

    /** The files of a task. */
    interface Files {
        /** The groups that have files. */
        List<FileGroup> groups(Predicate<FileGroup> wanted);

        /** Some files of a group, as {@link io.waybill.state.index.GroupIndex#members}. */
        List<FileId> members(FileGroup group, @Nullable FileId after, int most);

        @Nullable
        FileState get(FileId id);
    }

    /**
     * The files that a pass is about.
     *
     * @param groups the groups that may have such files
     * @param files  whether a file waits for the thing, and since before the pass
     * @param again  whether a file that was handed out waits for the thing again
     */
    record Wanted(Predicate<FileGroup> groups, Predicate<FileState> files, Predicate<FileState> again) {}

    private record Candidate(Instant arrived, FileId id) {}

    /** The files of a lane. */
    private static final class LaneWindow {
        /** Whether workers take the files up. */
        private final boolean windowed;
        /** What the search has found so far, the newest first. */
        private final PriorityQueue<Candidate> found = new PriorityQueue<>(BY_AGE.reversed());
        private final Deque<Candidate> waiting = new ArrayDeque<>();
        /** The last file that was handed out. All older ones were, too. */
        private @Nullable Candidate last;
        private int width;
        private int out;
        private boolean closed;
        private boolean handingOut;
        /** Whether there were more files than could be kept. */
        private boolean more;

        LaneWindow(String lane) {
            windowed = !lane.equals(NO_LANE);
            width = windowed ? 1 : AT_ONCE;
        }

        private boolean isNew(Candidate candidate) {
            return last == null || BY_AGE.compare(candidate, last) > 0;
        }

        private void close() {
            closed = true;
            more = false;
            waiting.clear();
        }
    }

    /**
     * @param handOut makes the attempt of a file due; false if the rules leave the file as it is
     */
    ReleasePass(Files table, Wanted wanted, Predicate<FileState> handOut) {
        this(table, wanted, handOut, KEPT);
    }

    /**
     * @param kept the number of files that are kept in memory
     */
    ReleasePass(Files table, Wanted wanted, Predicate<FileState> handOut, int kept) {
        this.table = table;
        this.wanted = wanted;
        this.handOut = handOut;
        this.kept = kept;
        search();
    }

    private void search() {
        toLookAt = new ArrayDeque<>(table.groups(wanted.groups()));
        lookedAt = null;
        searching = true;
        found = 0;
        lanes.values().forEach(lane -> lane.more = false);
    }

    /** Whether it still looks for files. */
    boolean searching() {
        return searching;
    }

    /** Whether the next step has something to do, whatever the workers do. */
    boolean busy() {
        return searching || lanes.values().stream().anyMatch(lane -> !lane.windowed && !lane.waiting.isEmpty());
    }

    /**
     * Looks for files.
     *
     * @param most the number of files that it looks at, 1 or more
     * @return how many it looked at
     */
    int look(int most) {
        int left = most;
        while (left > 0 && !toLookAt.isEmpty()) {
            List<FileId> some = table.members(toLookAt.getFirst(), lookedAt, left);
            some.forEach(this::consider);
            left -= some.size();
            if (some.isEmpty()) {
                toLookAt.removeFirst();
                lookedAt = null;
            } else {
                lookedAt = some.getLast();
            }
        }
        if (toLookAt.isEmpty() && searching) {
            searching = false;
            lanes.values().forEach(ReleasePass::takeFound);
        }
        return most - left;
    }

    private static void takeFound(LaneWindow lane) {
        lane.waiting.clear();
        if (!lane.closed) {
            // Files were handed out while this looked for others.
            lane.found.stream().filter(lane::isNew).sorted(BY_AGE).forEach(lane.waiting::add);
        }
        lane.found.clear();
    }

    private void consider(FileId id) {
        FileState file = table.get(id);
        if (file == null || !wanted.files().test(file)) {
            return;
        }
        LaneWindow lane = lanes.computeIfAbsent(lane(file), LaneWindow::new);
        var candidate = new Candidate(file.arrivedAt(), id);
        if (lane.closed || !lane.isNew(candidate)) {
            return;
        }
        lane.found.add(candidate);
        found++;
        if (found > kept) {
            leaveOutOne();
        }
    }

    /** From the longest lane, so that a slow one takes no place from the others. */
    private void leaveOutOne() {
        LaneWindow longest = Collections.max(lanes.values(), Comparator.comparingInt(lane -> lane.found.size()));
        if (longest.found.size() > 1) {
            longest.found.remove();
            longest.more = true;
            found--;
        }
    }

    private static String lane(FileState file) {
        return file.target() == null ? NO_LANE : file.target().destination() + "#" + file.lane();
    }

    /**
     * Hands out what may be handed out now.
     *
     * @return false if nothing is left to do
     */
    boolean handOut() {
        for (LaneWindow lane : lanes.values()) {
            if (!lane.windowed) {
                lane.out = 0;
            }
            handOut(lane);
        }
        if (!searching && lanes.values().stream().anyMatch(lane -> lane.more && lane.waiting.isEmpty())) {
            search();
        }
        return searching || lanes.values().stream().anyMatch(lane -> !lane.waiting.isEmpty());
    }

    private void handOut(LaneWindow lane) {
        if (lane.handingOut) {
            // The file that is handed out has moved on at once. The loop below continues.
            return;
        }
        lane.handingOut = true;
        for (int handed = 0; handed < AT_ONCE && lane.out < lane.width && !lane.waiting.isEmpty(); handed++) {
            Candidate next = lane.waiting.remove();
            lane.last = next;
            FileState file = table.get(next.id());
            if (file != null && wanted.files().test(file)) {
                handOut(lane, file);
            }
        }
        lane.handingOut = false;
    }

    private void handOut(LaneWindow lane, FileState file) {
        lane.out++;
        if (lane.windowed) {
            handedOut.put(file.id(), lane);
        }
        if (!handOut.test(file)) {
            lane.out--;
            handedOut.remove(file.id());
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
        if (wanted.again().test(after)) {
            lane.close();
            return;
        }
        boolean deferred =
                after.phase() instanceof Phase.Waiting waiting && waiting.cause() == Phase.Waiting.Cause.DEFERRAL;
        // A file that waits for something else now says nothing about the lane's others.
        lane.width = deferred ? 1 : Math.min(WIDEST, lane.width + 1);
        handOut(lane);
    }
}
