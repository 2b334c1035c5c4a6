package io.waybill.worker;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * Moves the bytes of an object into a remote file, and takes their digest while they are under way to the server. Memory
 * is one chunk of the server's size.
 */
final class Upload {
    private static final int MOST_ONCE = 256 << 10;

    private final SourceObject object;
    private final Mandate mandate;
    private final WorkerMetrics metrics;

    Upload(SourceObject object, Mandate mandate, WorkerMetrics metrics) {
        this.object = object;
        this.mandate = mandate;
        this.metrics = metrics;
    }

    /**
     * What was sent and acknowledged.
     *
     * @param sha256     lower-case hexadecimal
     * @param remoteSize what the server says it has; empty where it does not tell
     */
    record Sent(long bytes, String sha256, OptionalLong remoteSize) {}

    /** Sends everything, and returns when all of it is acknowledged. The stream stays open. */
    Sent send(InputStream content, RemoteFile file) throws TransferException, MandateLostException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[Math.clamp(object.size(), 1, file.chunkSize())];
        long total = 0;
        for (int length = read(content, chunk); length > 0; length = read(content, chunk)) {
            mandate.check();
            file.write(chunk, length);
            digest.update(chunk, 0, length);
            total += length;
            metrics.sent(length);
        }
        if (total != object.size()) {
            throw new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    "the store gave " + total + " of the " + object.size() + " bytes of " + described());
        }
        OptionalLong remoteSize = file.finish().size();
        return new Sent(total, HexFormat.of().formatHex(digest.digest()), remoteSize);
    }

    /** Fills the array as far as the stream goes, so that every write but the last carries all it may. */
    private int read(InputStream content, byte[] chunk) throws TransferException {
        try {
            return content.readNBytes(chunk, 0, chunk.length);
        } catch (IOException e) {
            throw new TransferException(
                    FailureKind.SOURCE_UNREACHABLE, "the store broke off " + described() + ": " + e.getMessage(), e);
        }
    }

    private String described() {
        return object.bucket() + "/" + object.key();
    }

    /** The digest of a stream, read to its end. */
    static String digestOf(InputStream content) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[MOST_ONCE];
        for (int length = content.read(chunk); length >= 0; length = content.read(chunk)) {
            digest.update(chunk, 0, length);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer SHA-256", e);
        }
    }
}
