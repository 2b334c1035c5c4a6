package io.waybill.domain;

import java.time.Duration;

/**
 * What a destination took, as proof of delivery.
 *
 * @param path             the final name
 * @param bytes            size written and acknowledged
 * @param sha256           lower-case hexadecimal digest of those bytes, taken while they were sent; empty where the
 *                         delivery is known by word of a person alone
 * @param proof            how the destination confirmed them
 * @param destinationClass what the destination's server could promise
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
     * What stands for a receipt where a person says that the destination has the file: nothing is proven, and the least
     * is promised.
     *
     * @param bytes size of the object
     */
    static Receipt byWord(RemotePath path, long bytes) {
        return new Receipt(path, bytes, "", Proof.NONE, DestinationClass.DIRECT, Duration.ZERO);
    }
}
