package io.waybill.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The identity of a file: 26 characters of lower-case base32 (RFC 4648 alphabet), derived from route, bucket, key and
 * object version, so that every repeated notification of one object version names the same file.
 *
 * @param value the 26 characters
 */
public record FileId(String value) implements Comparable<FileId> {
    private static final int LENGTH = 26;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    public FileId {
        if (!wellFormed(value)) {
            throw new IllegalArgumentException(
                    "a file id is " + LENGTH + " characters of a-z and 2-7, but was: '" + value + "'");
        }
    }

    /** Written by hand: ids are read with every record, and a pattern takes several times as long. */
    private static boolean wellFormed(String value) {
        if (value.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = value.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '2' && c <= '7')) {
                return false;
            }
        }
        return true;
    }

    /**
     * The id of one object version on one route.
     *
     * @param version the S3 version id, or its replacement; see {@link SourceObject#version()}
     */
    public static FileId of(RouteName route, String bucket, String key, String version) {
        return digest(route.value(), bucket, key, version);
    }

    /** An id that no file has, for what is said about a place. */
    static FileId ofPlace(String kind, String name) {
        // The id of a file has four parts.
        return digest(kind, name);
    }

    private static FileId digest(String... parts) {
        return new FileId(base32(digestOf(parts)));
    }

    /** The SHA-256 of texts in their order. */
    static byte[] digestOf(String... parts) {
        MessageDigest sha256 = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            // Length-prefixed: without it ("a", "bc") and ("ab", "c") would be one file.
            sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            sha256.update(bytes);
        }
        return sha256.digest();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer SHA-256", e);
        }
    }

    private static String base32(byte[] digest) {
        var text = new StringBuilder(LENGTH);
        int buffer = 0;
        int bits = 0;
        for (int next = 0; text.length() < LENGTH;) {
            if (bits < 5) {
                buffer = (buffer << 8 | digest[next++] & 0xff) & 0xfff;
                bits += 8;
            }
            bits -= 5;
            text.append(ALPHABET.charAt(buffer >> bits & 31));
        }
        return text.toString();
    }

    @Override
    public int compareTo(FileId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
