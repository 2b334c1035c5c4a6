package io.waybill.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The facts that distinguish one content from another.
 *
 * @param size   in bytes
 * @param sha256 lower-case hexadecimal
 * @param md5    lower-case hexadecimal; only for comparison with ETags
 */
public record Content(long size, String sha256, String md5) {
    private static final int CHUNK = 1 << 16;

    /** Reads a file of any size once. */
    public static Content of(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return of(bytes);
        }
    }

    /** Reads the stream to its end. The caller closes it. */
    public static Content of(InputStream bytes) throws IOException {
        MessageDigest sha256 = digest("SHA-256");
        MessageDigest md5 = digest("MD5");
        byte[] chunk = new byte[CHUNK];
        long size = 0;
        for (int read = bytes.read(chunk); read >= 0; read = bytes.read(chunk)) {
            sha256.update(chunk, 0, read);
            md5.update(chunk, 0, read);
            size += read;
        }
        HexFormat hex = HexFormat.of();
        return new Content(size, hex.formatHex(sha256.digest()), hex.formatHex(md5.digest()));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer " + algorithm, e);
        }
    }
}
