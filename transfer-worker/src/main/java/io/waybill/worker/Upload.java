package io.waybill.worker;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/**
 * Moves the bytes of an object into a remote file, and takes their digest while they are under way to the server. Memory
 * is one chunk of the server's size.
 */
final class Upload {
    private static final int MOST_ONCE = 256 << 10;

    /** How often a large upload remembers how far it is. */
    private static final long STEP = 64L << 20;

    private final SourceObject object;
    private final Mandate mandate;
    private final WorkerMetrics metrics;
    private final long from;
    private final LongConsumer progress;

    /** Of a whole file that is not resumed. */
    Upload(SourceObject object, Mandate mandate, WorkerMetrics metrics) {
        this(object, mandate, metrics, 0, _ -> {});
    }

    /**
     * @param from     how many bytes the remote file has already
     * @param progress told now and then how many bytes of the file, from its beginning, are safe on the server's disk
     */
    Upload(SourceObject object, Mandate mandate, WorkerMetrics metrics, long from, LongConsumer progress) {
        this.object = object;
        this.mandate = mandate;
        this.metrics = metrics;
        this.from = from;
        this.progress = progress;
    }

    /** Where in the remote file the upload begins. */
    long from() {
        return from;
    }

    /**
     * What was sent and acknowledged.
     *
     * @param bytes  of the whole file
     * @param sha256 lower-case hexadecimal, of the whole file
     * @param remote what the server says of the closed file
     */
    record Sent(long bytes, String sha256, RemoteStat remote) {}

    /** Sends everything from where it begins, and returns when all of it is acknowledged. The stream stays open. */
    Sent send(InputStream content, RemoteFile file) throws TransferException, MandateLostException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[Math.clamp(object.size(), 1, file.chunkSize())];
        long total = 0;
        long remembered = from;
        for (int length = read(content, chunk, total); length > 0; length = read(content, chunk, total)) {
            mandate.check();
            digest.update(chunk, 0, length);
            if (total >= from) {
                file.write(chunk, length);
                metrics.sent(length);
                if (file.acknowledged() - remembered >= STEP) {
                    remembered = synced(file);
                }
            }
            total += length;
        }
        if (total != object.size()) {
            throw new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    "the store gave " + total + " of the " + object.size() + " bytes of " + described());
        }
        RemoteStat finished = file.finish();
        return new Sent(total, HexFormat.of().formatHex(digest.digest()), finished);
    }

    /**
     * Takes note of how much is safe, and returns what was acknowledged. Acknowledged alone is not safe: after a crash of
     * the server the bytes may be zeros.
     */
    private long synced(RemoteFile file) throws TransferException {
        if (file.sync()) {
            progress.accept(file.acknowledged());
        }
        return file.acknowledged();
    }

    /**
     * Fills the array as far as the stream goes, so that every write but the last carries all it may; but for the last
     * bytes before those to be sent, which are only digested.
     */
    private int read(InputStream content, byte[] chunk, long position) throws TransferException {
        int most = position < from ? (int) Math.min(chunk.length, from - position) : chunk.length;
        try {
            return content.readNBytes(chunk, 0, most);
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
