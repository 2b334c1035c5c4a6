package io.waybill.worker.partition;

import io.waybill.domain.IndexEntry;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction changes in a partition's delivery index.
 *
 * @param key   of the entry that it changes
 * @param entry what the index says from then on; null if nothing
 */
public record IndexChange(String key, @Nullable IndexEntry entry) {
    /** The index says this from then on. */
    public static IndexChange to(IndexEntry entry) {
        return new IndexChange(entry.key(), entry);
    }

    /** The index forgets an entry. */
    public static IndexChange clear(String key) {
        return new IndexChange(key, null);
    }
}
