package io.waybill.audit;

import io.waybill.domain.audit.ChainHead;

/**
 * The end of a chain, and how far its task has read the entries. Brokers forget the position of a group that was away for
 * a week. The task then reads all entries once more, and must chain none of them twice. Immutable.
 *
 * @param next   the offset after the last entry that was read
 * @param newest the latest time of a record that was read, in milliseconds since the epoch
 */
record ChainProgress(ChainHead head, long next, long newest) {
    /** Before the first entry. */
    static final ChainProgress NONE = new ChainProgress(ChainHead.NONE, 0, 0);

    /**
     * Whether a record was read before. If the topic was deleted and made again, its records are later than everything
     * that was read.
     */
    boolean covers(long offset, long timestampMillis) {
        return offset < next && timestampMillis <= newest;
    }

    /** After a record that was not read before. */
    ChainProgress reached(long offset, long timestampMillis) {
        return new ChainProgress(head, offset + 1, Math.max(newest, timestampMillis));
    }

    /** With another end of the chain. */
    ChainProgress with(ChainHead other) {
        return new ChainProgress(other, next, newest);
    }
}
