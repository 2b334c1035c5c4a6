package io.waybill.worker.partition;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A set of offsets that costs memory by its ranges, not by its offsets. One thread at a time. */
final class OffsetRanges {
    /** The first offset of a range, and the one after its last; between any two ranges is a gap. */
    private final NavigableMap<Long, Long> ranges = new TreeMap<>();

    /** Takes a range in, of which no offset is there yet. */
    void add(long from, long to) {
        Map.@Nullable Entry<Long, Long> before = ranges.floorEntry(from);
        long start = before != null && before.getValue() == from ? before.getKey() : from;
        Long after = ranges.remove(to);
        ranges.put(start, after == null ? to : after);
    }

    /** Takes out whatever lies from one offset to before another. */
    void remove(long from, long to) {
        if (from >= to) {
            return;
        }
        Map.@Nullable Entry<Long, Long> before = ranges.lowerEntry(from);
        if (before != null && before.getValue() > from) {
            ranges.put(before.getKey(), from);
            if (before.getValue() > to) {
                ranges.put(to, before.getValue());
            }
        }
        NavigableMap<Long, Long> within = ranges.subMap(from, true, to, false);
        if (!within.isEmpty()) {
            long end = within.lastEntry().getValue();
            within.clear();
            if (end > to) {
                ranges.put(to, end);
            }
        }
    }

    boolean contains(long offset) {
        Map.@Nullable Entry<Long, Long> range = ranges.floorEntry(offset);
        return range != null && range.getValue() > offset;
    }

    /** How many ranges there are. */
    int count() {
        return ranges.size();
    }

    /** The ranges, ascending: where each begins, and the offset after its end. Changes with the set. */
    NavigableMap<Long, Long> ranges() {
        return ranges;
    }
}
