package io.waybill.worker.upload;

import io.waybill.domain.FailureKind;
import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import io.waybill.runtime.memory.MemoryBudget;
import io.waybill.sftp.RemoteFile;
import io.waybill.sftp.RemoteStat;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.OwnershipGuard;
import io.waybill.worker.partition.OwnershipLostException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Moves the bytes of an object into a remote file, and digests them while they are sent. A large object is read ahead. For
 * one use.
 */
public final class Upload {
    private static final int MOST_ONCE = 256 << 10;

    /** Up to this size, reading ahead gains less than its threads cost. */
    private static final long SMALL = 1 << 20;

    private final SourceObject object;
    private final OwnershipGuard guard;
    private final WorkerMetrics metrics;
    private final long from;
    private final ResumeSizes sizes;
    private final LongConsumer progress;
    private final LongConsumer acknowledged;
    private final MemoryBudget memory;
    private long total;
    private long asked;
    private long remembered;
    private final TimeToEnd time = new TimeToEnd();

    /** An upload of a whole file that is not resumed. */
    public Upload(
            SourceObject object,
            OwnershipGuard guard,
            WorkerMetrics metrics,
            MemoryBudget memory,
            LongConsumer acknowledged) {
        this(object, guard, metrics, memory, 0, ResumeSizes.NEVER, _ -> {}, acknowledged);
    }

    /**
     * @param memory       for reading ahead, shared by all uploads
     * @param from         how many bytes the remote file already has
     * @param sizes        after how many acknowledged bytes the upload requests another sync, and how many bytes of it can
     *                     be resumed
     * @param progress     called from time to time with the number of bytes, from the beginning of the file, that are safe
     *                     on the server's disk
     * @param acknowledged called at every write, so it must be fast, with the number of bytes, from the beginning of the
     *                     file, that the server has acknowledged
     */
    public Upload(
            SourceObject object,
            OwnershipGuard guard,
            WorkerMetrics metrics,
            MemoryBudget memory,
            long from,
            ResumeSizes sizes,
            LongConsumer progress,
            LongConsumer acknowledged) {
        this.object = object;
        this.guard = guard;
        this.metrics = metrics;
        this.memory = memory;
        this.from = from;
        this.sizes = sizes;
        this.progress = progress;
        this.acknowledged = acknowledged;
        this.asked = from;
        this.remembered = from;
    }

    /** The offset in the remote file at which the upload begins. */
    long from() {
        return from;
    }

    /**
     * What was sent and acknowledged.
     *
     * @param bytes  the size of the whole file
     * @param sha256 lower-case hexadecimal, of the whole file
     * @param remote what the server says about the closed file
     */
    record Sent(long bytes, String sha256, RemoteStat remote) {}

    /**
     * Sends everything from the beginning of the upload on. Returns when the server has acknowledged all of it. The stream
     * stays open.
     */
    Sent send(InputStream content, RemoteFile file) throws TransferException, OwnershipLostException {
        acknowledged.accept(from);
        String sha256 = object.size() > SMALL ? sendAhead(content, file) : sendAtOnce(content, file);
        if (total != object.size()) {
            throw new TransferException(
                    FailureKind.SOURCE_UNREACHABLE,
                    "the store gave " + total + " of the " + object.size() + " bytes of " + described());
        }
        RemoteStat remote = file.finish();
        acknowledged.accept(total);
        return new Sent(total, sha256, remote);
    }

    /** Reads, sends and digests at the same time. */
    private String sendAhead(InputStream content, RemoteFile file) throws TransferException, OwnershipLostException {
        try (var ahead = new ReadAhead(content, file.chunkSize(), from, memory, sha256())) {
            int length;
            do {
                ReadAhead.Chunk chunk = next(ahead);
                length = chunk.length();
                put(chunk.bytes(), length, file);
                ahead.giveBack(chunk);
            } while (length > 0);
            return ahead.sha256();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransferException(FailureKind.SOURCE_UNREACHABLE, "interrupted while reading " + described(), e);
        }
    }

    private ReadAhead.Chunk next(ReadAhead ahead) throws TransferException, InterruptedException {
        try {
            return ahead.next();
        } catch (IOException e) {
            throw brokenOff(e);
        }
    }

    /** Small objects are sent before a second thread would have started. */
    private String sendAtOnce(InputStream content, RemoteFile file) throws TransferException, OwnershipLostException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[Math.clamp(object.size(), 1, file.chunkSize())];
        for (int length = read(content, chunk); length > 0; length = read(content, chunk)) {
            digest.update(chunk, 0, length);
            put(chunk, length, file);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void put(byte[] bytes, int length, RemoteFile file) throws TransferException, OwnershipLostException {
        guard.check();
        leaveIfLate(file);
        if (total >= from && length > 0) {
            file.write(bytes, length);
            metrics.sent(length);
            syncNowAndThen(file);
        }
        total += length;
    }

    /**
     * A worker that is stopping leaves an upload that cannot end in time. All that was sent is on the server's disk then, so
     * that the next owner sends none of it again.
     */
    private void leaveIfLate(RemoteFile file) throws TransferException, OwnershipLostException {
        Optional<Duration> left = guard.limit();
        if (left.isEmpty()
                || time.suffices(left.get(), file.acknowledged(), object.size())
                || total < sizes.least()
                || !file.syncs()) {
            return;
        }
        if (total > from) {
            var _ = file.finish();
            acknowledged.accept(total);
            if (file.syncs()) {
                progress.accept(total);
            }
        }
        throw new OwnershipLostException();
    }

    /** An acknowledgement alone is not enough: after a crash of the server the bytes may be zeros. */
    private void syncNowAndThen(RemoteFile file) throws TransferException {
        long received = file.acknowledged();
        acknowledged.accept(received);
        if (received - asked >= sizes.step()) {
            asked = received;
            file.startSync();
        }
        long synced = file.synced();
        if (synced > remembered) {
            remembered = synced;
            progress.accept(synced);
        }
    }

    /**
     * Fills the array as far as the stream goes, so that every write but the last is as large as allowed. A chunk also ends
     * at the offset where the upload begins; the bytes before it are only digested.
     */
    private int read(InputStream content, byte[] chunk) throws TransferException {
        int most = total < from ? (int) Math.min(chunk.length, from - total) : chunk.length;
        try {
            return content.readNBytes(chunk, 0, most);
        } catch (IOException e) {
            throw brokenOff(e);
        }
    }

    private TransferException brokenOff(IOException e) {
        if (e.getCause() instanceof TransferException refused) {
            // The store refused the rest of the object, or is down.
            return refused;
        }
        return new TransferException(
                FailureKind.SOURCE_UNREACHABLE, "the store broke off " + described() + ": " + e.getMessage(), e);
    }

    private String described() {
        return object.bucket() + "/" + object.key();
    }

    /**
     * The digest of a stream. Reads no more than one byte beyond the size that is expected: a server may give bytes for
     * ever, and the digest of more bytes is another one anyway.
     */
    public static String digestOf(InputStream content, long expected) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[MOST_ONCE];
        int length = 0;
        for (long left = expected + 1; length >= 0 && left > 0; left -= length) {
            length = content.read(chunk, 0, (int) Math.min(chunk.length, left));
            digest.update(chunk, 0, Math.max(0, length));
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
