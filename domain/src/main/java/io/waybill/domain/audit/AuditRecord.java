package io.waybill.domain.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;

/**
 * A record of a partition's chain. Immutable. It holds what its writer said; only {@link ChainCheck} says whether that
 * fits.
 *
 * @param link    its place in the chain
 * @param content what it says
 */
public record AuditRecord(Link link, Content content) {
    /** What a record says. */
    public sealed interface Content permits Entry, Checkpoint {}

    /** An action. */
    public record Entry(AuditEntry entry) implements Content {}

    /**
     * A place in a chain.
     *
     * @param sequence from 1
     * @param previous the hash of the record before; {@link #BEGIN} for the first one
     * @param hash     of all that stands here, of the record before, and of the content
     */
    public record Link(int partition, long sequence, String previous, String hash) {
        /** What stands before the first record. */
        public static final String BEGIN = "0".repeat(64);

        /**
         * The hash of a record. It covers the digest of the content and not the content, so that a part of a chain can be
         * checked by somebody who does not see the contents.
         *
         * @param digest of the content
         */
        public static String hash(int partition, long sequence, String previous, String digest) {
            return Canonical.sha256(String.join(
                    "\n",
                    "waybill-audit-v1",
                    String.valueOf(partition),
                    String.valueOf(sequence),
                    previous,
                    digest)
                    .getBytes(UTF_8));
        }
    }

    /** The digest of the content, in hexadecimal digits. */
    public String digest() {
        return switch (content) {
            case Entry(var entry) -> Canonical.of(entry);
            case Checkpoint checkpoint -> Canonical.of(checkpoint);
        };
    }

    /** When the action was taken, or the checkpoint made. */
    public Instant at() {
        return switch (content) {
            case Entry(var entry) -> entry.at();
            case Checkpoint checkpoint -> checkpoint.at();
        };
    }

    /** The key of the record. */
    public String key() {
        return switch (content) {
            case Entry(var entry) -> entry.key();
            case Checkpoint _ -> Checkpoint.KEY;
        };
    }
}
