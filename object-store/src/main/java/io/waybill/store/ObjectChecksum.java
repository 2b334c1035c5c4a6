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

/** What a store says an object's bytes add up to, and what was read of them. One thread. */
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

    /** The cheapest of those that the answer has; empty if it has none that is of the whole object's bytes. */
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
        // Of an object that was written in parts some stores give the sum of the parts' sums, as SUM-PARTS.
        if (told == null || told.contains("-")) {
            return Optional.empty();
        }
        Sum sum = sums.get();
        try {
            byte[] expected = Base64.getDecoder().decode(told);
            // What is no sum of this kind says nothing of the object.
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

    /** What is wrong with the bytes that were read, all of them; empty if nothing. Once. */
    Optional<String> fault() {
        byte[] found = sum.value();
        return Arrays.equals(found, expected)
                ? Optional.empty()
                : Optional.of("its " + name + " is " + Base64.getEncoder().encodeToString(found)
                        + ", the store says " + Base64.getEncoder().encodeToString(expected));
    }
}
