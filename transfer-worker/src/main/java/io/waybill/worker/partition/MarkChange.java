package io.waybill.worker.partition;

import io.waybill.domain.FileId;
import io.waybill.domain.LedgerMark;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction changes in a partition's ledger.
 *
 * @param key  of the mark that it changes
 * @param mark what the ledger says from then on; null if nothing
 */
public record MarkChange(String key, @Nullable LedgerMark mark) {
    /** The ledger says this from then on. */
    public static MarkChange to(LedgerMark mark) {
        return new MarkChange(mark.key(), mark);
    }

    /** The ledger forgets what it says of a sending. */
    public static MarkChange clear(FileId id, int sending) {
        return new MarkChange(LedgerMark.key(id, sending), null);
    }
}
