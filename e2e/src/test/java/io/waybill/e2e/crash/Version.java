package io.waybill.e2e.crash;

import java.util.OptionalLong;

/**
 * One version of a key, as it is ordered among the others.
 *
 * @param number  counts the puts of the key, from 1
 * @param second  when the store says that it was written; empty if nobody ever asked it
 * @param current whether no later one was put
 */
record Version(int number, String sha256, OptionalLong second, boolean current) {
    /** Whether it was put after another. */
    boolean follows(Version other) {
        return number > other.number;
    }

    /**
     * Whether nobody may see the other after this: it was written in a later second, or it is the current one. Two of one
     * second that were both replaced have no order that the store tells.
     */
    boolean isNewerThan(Version other) {
        boolean sameSecond = second.isPresent() && second.equals(other.second);
        return follows(other) && (current || !sameSecond);
    }
}
