package io.waybill.worker.partition;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A set of offsets. Its memory depends on the number of ranges, not of offsets. One thread at a time. */
final class OffsetRanges {
    /** The first offset of each range, and the offset after its last. There is a gap between any two ranges. */
    private final NavigableMap<Long, Long> ranges = new TreeMap<>();

    /** Adds a range. None of its offsets may be in the set yet. */
    void add(long from, long to) {
        Map.@Nullable Entry<Long, Long> before = ranges.floorEntry(from);
        long start = before != null && before.getValue() == from ? before.getKey() : from;
        Long after = ranges.remove(to);
        ranges.put(start, after == null ? to : after);
    }

    /** Removes all offsets from {@code from} to before {@code to}. */
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

    /** The number of ranges. */
    int count() {
        return ranges.size();
    }

    /** The ranges, ascending: the first offset of each, and the offset after its end. The map changes with the set. */
    NavigableMap<Long, Long> ranges() {
        return ranges;
    }
}
