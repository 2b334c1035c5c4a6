package io.waybill.worker.partition;

import io.waybill.domain.IndexEntry;
import org.jspecify.annotations.Nullable;

/**
 * An update of one entry in a partition's delivery index.
 *
 * @param key   the key of the entry
 * @param entry the new entry; null to remove it
 */
public record IndexUpdate(String key, @Nullable IndexEntry entry) {
    /** Writes an entry. */
    public static IndexUpdate to(IndexEntry entry) {
        return new IndexUpdate(entry.key(), entry);
    }

    /** Removes an entry. */
    public static IndexUpdate clear(String key) {
        return new IndexUpdate(key, null);
    }
}
