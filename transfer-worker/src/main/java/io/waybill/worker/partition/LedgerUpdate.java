package io.waybill.worker.partition;

import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import org.jspecify.annotations.Nullable;

/**
 * An update of one mark in a partition's ledger.
 *
 * @param key  the key of the mark
 * @param mark the new mark; null to remove it
 */
public record LedgerUpdate(String key, @Nullable LedgerMark mark) {
    /** Writes a mark. */
    public static LedgerUpdate to(LedgerMark mark) {
        return new LedgerUpdate(mark.key(), mark);
    }

    /** Removes the mark of a sending. */
    public static LedgerUpdate clear(FileId id, int sending) {
        return new LedgerUpdate(LedgerMark.key(id, sending), null);
    }
}
