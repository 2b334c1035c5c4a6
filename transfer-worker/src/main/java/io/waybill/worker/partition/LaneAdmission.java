package io.waybill.worker.partition;

import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Decides which records of a partition begin and which are held back, so that one slow lane neither fills the memory nor
 * stops the other lanes. Of a record that is held back, only the offset is kept. The worker reads the record again when its
 * lane has room. The records of one lane begin in the order of their offsets. One thread at a time.
 *
 * <p>A lane has room as long as fewer of its records have begun than may still begin in all lanes together. So one lane
 * that is stuck takes half of the span, and two take a third each. However many are stuck, some room is left for other
 * lanes.
 *
 * <p>Reading proceeds in <em>passes</em>. Each pass begins with a seek: back to the first record held back of the lanes
 * that have room again, or forward to the end of what was read.
 */
final class LaneAdmission {
    private static final long NONE = -1;

    private final int span;
    /** Records that have begun and are not finished, each with its lane. */
    private final NavigableMap<Long, Waiting> begun = new TreeMap<>();
    /**
     * Records that are held back, together with the markers between neighbours, so that a burst of one lane is one range.
     */
    private final OffsetRanges heldBack = new OffsetRanges();
    /** The lanes that have records begun or held back. Records without a lane count as one lane. */
    private final Map<Optional<Lane>, Waiting> lanes = new HashMap<>();
    /** The offset after the highest record that was read. */
    private long frontier;
    private boolean heldBackLast;

    private int pass;
    private long passBegan;
    /** The offset after the last record of this pass. */
    private long cursor;

    /**
     * @param span how many records may have begun and not finished, 1 or more
     * @param next the offset at which reading begins
     */
    LaneAdmission(int span, long next) {
        this.span = span;
        this.frontier = next;
        this.passBegan = next;
        this.cursor = next;
    }

    private static final class Waiting {
        private int begun;
        /**
         * No record of the lane before this offset is held back, nor is one between this offset and the end of the record
         * before.
         */
        private long firstHeldBack = NONE;
        private long lastHeldBack = NONE;
        /** The last pass in which a record of this lane was held back. */
        private int refusedIn = -1;
        private int begunWhenRefused;
    }

    /** Takes note of a record that was read and is already finished. */
    void skip(long offset) {
        passed(offset, false);
    }

    /** Takes note of a record that was read, and returns whether it may begin now. */
    boolean admit(long offset, Optional<Lane> lane) {
        boolean isNew = offset >= frontier;
        boolean admitted = (isNew || heldBack.contains(offset)) && admit(offset, isNew, lane);
        passed(offset, !admitted && heldBack.contains(offset));
        return admitted;
    }

    private void passed(long offset, boolean waits) {
        if (!waits) {
            // Together with the offsets before it, which no record has. They are not read again for their own sake.
            heldBack.remove(cursor, offset + 1);
        } else if (!heldBackLast) {
            heldBack.remove(cursor, offset);
        }
        heldBackLast = waits;
        cursor = offset + 1;
        frontier = Math.max(frontier, cursor);
    }

    private boolean admit(long offset, boolean isNew, Optional<Lane> lane) {
        Waiting waiting = lanes.computeIfAbsent(lane, _ -> new Waiting());
        if (isNext(waiting) && hasRoom(waiting)) {
            begun.put(offset, waiting);
            waiting.begun++;
            if (waiting.firstHeldBack != NONE) {
                waiting.firstHeldBack = waiting.lastHeldBack > offset ? offset + 1 : NONE;
            }
            return true;
        }
        if (isNext(waiting)) {
            waiting.firstHeldBack = cursor;
            waiting.begunWhenRefused = waiting.begun;
        }
        waiting.refusedIn = pass;
        waiting.lastHeldBack = Math.max(waiting.lastHeldBack, offset);
        if (isNew) {
            heldBack.add(heldBackLast && heldBack.contains(cursor - 1) ? cursor : offset, offset + 1);
        }
        return false;
    }

    /** Whether every earlier record of the lane that was held back has begun in this pass. */
    private boolean isNext(Waiting waiting) {
        return waiting.refusedIn != pass
                && (waiting.firstHeldBack == NONE || waiting.firstHeldBack >= passBegan);
    }

    private boolean hasRoom(Waiting waiting) {
        return waiting.begun < span - begun.size();
    }

    /** Takes note of finished records. */
    void finish(Collection<Long> offsets) {
        for (long offset : offsets) {
            Waiting waiting = begun.remove(offset);
            if (waiting != null) {
                waiting.begun--;
            }
        }
        lanes.values().removeIf(waiting -> waiting.begun == 0 && waiting.firstHeldBack == NONE);
    }

    /**
     * The offset at which a new pass must begin; empty if reading continues where it is.
     *
     * @param next the end of what was read
     */
    OptionalLong seek(long next) {
        OptionalLong back = lanes.values().stream()
                .filter(this::couldGoOn)
                .mapToLong(waiting -> waiting.firstHeldBack)
                .min();
        if (back.isPresent()) {
            begin(back.getAsLong());
            return back;
        }
        if (cursor < frontier && lanes.values().stream().noneMatch(this::isServed)) {
            begin(frontier);
            return OptionalLong.of(next);
        }
        return OptionalLong.empty();
    }

    private void begin(long from) {
        pass++;
        passBegan = from;
        cursor = from;
        heldBackLast = from == frontier && heldBack.contains(from - 1);
    }

    /** True only after half of the lane's records have finished, so that a pass is worth its cost. */
    private boolean couldGoOn(Waiting waiting) {
        return waiting.firstHeldBack != NONE
                && !isNext(waiting)
                && hasRoom(waiting)
                && waiting.begun <= waiting.begunWhenRefused / 2;
    }

    /** Whether the lane gains from this pass. */
    private boolean isServed(Waiting waiting) {
        return waiting.firstHeldBack != NONE && isNext(waiting) && hasRoom(waiting);
    }

    /** Whether reading is at the end of what was read, so that a pause would hold back nothing else. */
    boolean atFrontier() {
        return cursor >= frontier;
    }

    /**
     * The number of records begun and of ranges held back. It measures the memory in use, and is an upper bound for the
     * ranges of a position.
     */
    int places() {
        return begun.size() + heldBack.count();
    }

    /**
     * The ranges that are not finished, ascending.
     *
     * @param finished offsets that count as finished too
     */
    List<Range> unfinished(Collection<Long> finished) {
        List<Range> unfinished = new ArrayList<>();
        var held = new ArrayDeque<>(heldBack.ranges().entrySet());
        for (long offset : begun.keySet()) {
            while (!held.isEmpty() && held.getFirst().getKey() < offset) {
                unfinished.add(range(held.removeFirst()));
            }
            if (!finished.contains(offset)) {
                unfinished.add(new Range(offset, offset + 1));
            }
        }
        held.forEach(left -> unfinished.add(range(left)));
        return unfinished;
    }

    private static Range range(Map.Entry<Long, Long> range) {
        return new Range(range.getKey(), range.getValue());
    }
}
