package io.waybill.domain.audit;

import java.time.Instant;

/**
 * Signs the chain up to its own record.
 *
 * @param at        to the millisecond
 * @param signedBy  {@link SigningKey#id}; empty if it is not signed
 * @param signature of the record's hash, in hexadecimal digits; empty if it is not signed
 */
public record Checkpoint(Instant at, String signedBy, String signature) implements AuditRecord.Content {
    /** The key of records with checkpoints. */
    public static final String KEY = "checkpoint";

    public boolean signed() {
        return !signedBy.isEmpty();
    }
}
