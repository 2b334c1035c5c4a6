package io.waybill.worker.partition;

import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction updates in a partition's ledger.
 *
 * @param key  of the mark that it updates
 * @param mark what the ledger says from then on; null if nothing
 */
public record LedgerUpdate(String key, @Nullable LedgerMark mark) {
    /** The ledger says this from then on. */
    public static LedgerUpdate to(LedgerMark mark) {
        return new LedgerUpdate(mark.key(), mark);
    }

    /** The ledger forgets what it says of a sending. */
    public static LedgerUpdate clear(FileId id, int sending) {
        return new LedgerUpdate(LedgerMark.key(id, sending), null);
    }
}
