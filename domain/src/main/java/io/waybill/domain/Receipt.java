package io.waybill.domain;

import java.time.Duration;

/**
 * The proof of delivery: what a destination received.
 *
 * @param path             the final name
 * @param bytes            size written and acknowledged
 * @param sha256           lower-case hexadecimal digest of those bytes, taken while they were sent; empty if a person
 *                         alone says that the file was delivered
 * @param proof            how the destination confirmed them
 * @param destinationClass the class of the destination's server
 * @param duration         from the first byte read to the final name; never negative
 */
public record Receipt(
        RemotePath path, long bytes, String sha256, Proof proof, DestinationClass destinationClass, Duration duration) {
    /** Characters of a SHA-256 in hexadecimal. */
    private static final int DIGEST = 64;

    public Receipt {
        Texts.refuseLonger("the SHA-256", sha256, DIGEST);
        if (bytes < 0 || duration.isNegative()) {
            throw new IllegalArgumentException(
                    "bytes and duration must not be negative, but were: " + bytes + " and " + duration);
        }
    }

    /**
     * The receipt if a person says that the destination has the file: it proves nothing and promises the least.
     *
     * @param bytes size of the object
     */
    static Receipt byWord(RemotePath path, long bytes) {
        return new Receipt(path, bytes, "", Proof.NONE, DestinationClass.DIRECT, Duration.ZERO);
    }
}
