package io.waybill.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Compares the checksum that a store gives for an object with the checksum of the bytes that were read. For one thread.
 */
final class ObjectChecksum {
    private final String name;
    private final byte[] expected;
    private final Sum sum;

    private ObjectChecksum(String name, byte[] expected, Sum sum) {
        this.name = name;
        this.expected = expected;
        this.sum = sum;
    }

    private interface Sum {
        void update(byte[] bytes, int from, int length);

        byte[] value();
    }

    /**
     * Returns the cheapest checksum in the answer. It is empty if the answer has no checksum of the whole object's
     * bytes.
     */
    static Optional<ObjectChecksum> of(GetObjectResponse answer) {
        if (answer.checksumType() == ChecksumType.COMPOSITE) {
            return Optional.empty();
        }
        return Stream.of(
                checksum("CRC32C", answer.checksumCRC32C(), () -> crc(new CRC32C(), Integer.BYTES)),
                checksum("CRC32", answer.checksumCRC32(), () -> crc(new CRC32(), Integer.BYTES)),
                checksum("CRC64NVME", answer.checksumCRC64NVME(), () -> crc(new Crc64Nvme(), Long.BYTES)),
                checksum("SHA-256", answer.checksumSHA256(), () -> digest("SHA-256")),
                checksum("SHA-1", answer.checksumSHA1(), () -> digest("SHA-1")))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<ObjectChecksum> checksum(String name, @Nullable String told, Supplier<Sum> sums) {
        // For an object that was written in parts, some stores give the sum of the parts' sums, as SUM-PARTS.
        if (told == null || told.contains("-")) {
            return Optional.empty();
        }
        Sum sum = sums.get();
        try {
            byte[] expected = Base64.getDecoder().decode(told);
            // A text that is no sum of this kind says nothing about the object.
            return expected.length == sum.value().length
                    ? Optional.of(new ObjectChecksum(name, expected, sums.get()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Sum crc(Checksum checksum, int bytes) {
        return new Sum() {
            @Override
            public void update(byte[] read, int from, int length) {
                checksum.update(read, from, length);
            }

            @Override
            public byte[] value() {
                byte[] whole = ByteBuffer.allocate(Long.BYTES).putLong(checksum.getValue()).array();
                return Arrays.copyOfRange(whole, Long.BYTES - bytes, Long.BYTES);
            }
        };
    }

    private static Sum digest(String algorithm) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer " + algorithm, e);
        }
        return new Sum() {
            @Override
            public void update(byte[] read, int from, int length) {
                digest.update(read, from, length);
            }

            @Override
            public byte[] value() {
                return digest.digest();
            }
        };
    }

    void update(byte[] bytes, int from, int length) {
        sum.update(bytes, from, length);
    }

    /**
     * Returns what is wrong with the bytes, after all of them were read. It is empty if nothing is wrong. Call it once.
     */
    Optional<String> fault() {
        byte[] found = sum.value();
        return Arrays.equals(found, expected)
                ? Optional.empty()
                : Optional.of("its " + name + " is " + Base64.getEncoder().encodeToString(found)
                        + ", the store says " + Base64.getEncoder().encodeToString(expected));
    }
}
