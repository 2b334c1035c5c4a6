package io.waybill.worker.partition;

import io.waybill.domain.IndexEntry;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction updates in a partition's delivery index.
 *
 * @param key   of the entry that it updates
 * @param entry what the index says from then on; null if nothing
 */
public record IndexUpdate(String key, @Nullable IndexEntry entry) {
    /** The index says this from then on. */
    public static IndexUpdate to(IndexEntry entry) {
        return new IndexUpdate(entry.key(), entry);
    }

    /** The index forgets an entry. */
    public static IndexUpdate clear(String key) {
        return new IndexUpdate(key, null);
    }
}
