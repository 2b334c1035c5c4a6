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
 * Which of a partition's records are begun, and which are held back so that one slow lane does not fill the memory or stop
 * the others. Of a record that is held back only the offset is kept; it is read again when its lane has room. Records of
 * one lane are begun in the order of their offsets. One thread at a time.
 *
 * <p>A lane has room as long as fewer of its records are begun than may be begun besides all lanes' together. So a lane
 * that is stuck takes half of the span, two take a third each, and however many are stuck, something is left for others.
 *
 * <p>Reading goes in <em>passes</em>: each begins with a seek, back to the first record held back of lanes that have room
 * again, or on to the end of what was read.
 */
final class LaneAdmission {
    private static final long NONE = -1;

    private final int span;
    /** Begun and not finished, each with its lane. */
    private final NavigableMap<Long, Waiting> begun = new TreeMap<>();
    /** Held back, together with the markers between neighbours, so that a burst of one lane is one range. */
    private final OffsetRanges heldBack = new OffsetRanges();
    /** Of those that have something begun or held back; records without a lane count as those of one. */
    private final Map<Optional<Lane>, Waiting> lanes = new HashMap<>();
    /** The end of the highest record read. */
    private long frontier;
    private boolean heldBackLast;

    private int pass;
    private long passBegan;
    /** The end of the last record of this pass. */
    private long cursor;

    /**
     * @param span how many records may be begun and not finished, 1 or more
     * @param next where reading begins
     */
    LaneAdmission(int span, long next) {
        this.span = span;
        this.frontier = next;
        this.passBegan = next;
        this.cursor = next;
    }

    private static final class Waiting {
        private int begun;
        /** No record of the lane before this is held back, nor is one between it and the end of the record before. */
        private long firstHeldBack = NONE;
        private long lastHeldBack = NONE;
        /** The last pass in which a record was held back. */
        private int refusedIn = -1;
        private int begunWhenRefused;
    }

    /** A record was read that is finished already. */
    void skip(long offset) {
        passed(offset, false);
    }

    /** A record was read; whether it is to be begun now. */
    boolean admit(long offset, Optional<Lane> lane) {
        boolean isNew = offset >= frontier;
        boolean admitted = (isNew || heldBack.contains(offset)) && admit(offset, isNew, lane);
        passed(offset, !admitted && heldBack.contains(offset));
        return admitted;
    }

    private void passed(long offset, boolean waits) {
        if (!waits) {
            // With what lies before it, which no record has: such offsets are not read again for their own sake.
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

    /** Whether every record of the lane that was held back before the one at hand was begun in this pass. */
    private boolean isNext(Waiting waiting) {
        return waiting.refusedIn != pass
                && (waiting.firstHeldBack == NONE || waiting.firstHeldBack >= passBegan);
    }

    private boolean hasRoom(Waiting waiting) {
        return waiting.begun < span - begun.size();
    }

    /** Records are finished. */
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
     * Where to read on, if not where the reading stands: a new pass begins.
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

    /** Not before half of what it had is finished, so that a pass is worth its while. */
    private boolean couldGoOn(Waiting waiting) {
        return waiting.firstHeldBack != NONE
                && !isNext(waiting)
                && hasRoom(waiting)
                && waiting.begun <= waiting.begunWhenRefused / 2;
    }

    /** Whether this pass is of use to the lane. */
    private boolean isServed(Waiting waiting) {
        return waiting.firstHeldBack != NONE && isNext(waiting) && hasRoom(waiting);
    }

    /** Whether the reading stands at the end of what was read, so that a pause would hold back nothing else. */
    boolean atFrontier() {
        return cursor >= frontier;
    }

    /** What is kept in memory, and an upper bound of the ranges that a position has: records begun, ranges held back. */
    int places() {
        return begun.size() + heldBack.count();
    }

    /**
     * What is not finished, ascending.
     *
     * @param finished what is taken for finished as well
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
