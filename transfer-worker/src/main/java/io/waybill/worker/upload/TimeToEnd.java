package io.waybill.worker.upload;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Estimates whether an upload ends in time, by how fast it goes since the time is limited. One thread. */
final class TimeToEnd {
    /** The rate of a shorter time says little. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** The end of a file takes time, too: the last answers, the disk of the server, the checks and the commit. */
    private static final double PART_FOR_BYTES = 0.75;

    private @Nullable Duration limit;
    private long begin;

    /**
     * Whether the rest of the bytes goes in time, or may do so.
     *
     * @param left         how much time there is; it shrinks from call to call
     * @param acknowledged how many of the bytes the server has
     */
    boolean suffices(Duration left, long acknowledged, long size) {
        Duration first = limit;
        if (first == null) {
            first = left;
            limit = left;
            begin = acknowledged;
        }
        Duration past = first.minus(left);
        if (left.isZero()) {
            return false;
        }
        if (past.compareTo(shorter(LOOK, first.dividedBy(4))) < 0) {
            return true;
        }
        double needed = (double) past.toNanos() * (size - acknowledged) / Math.max(1, acknowledged - begin);
        return needed <= left.toNanos() * PART_FOR_BYTES;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
