package io.waybill.sftp;

import io.waybill.domain.TransferException;
import java.util.Optional;

/**
 * A file at a destination, open for writing. One thread, except {@link #acknowledged} and {@link #synced}. Writes are sent
 * ahead of their acknowledgements, up to a limited number of bytes. If the server refuses a write, a later call throws, at
 * the latest {@link #finish}. Parts of the file may go over other connections. If one of these breaks, CONNECTION_LOST is
 * thrown, and the file's own connection stays open.
 */
public interface RemoteFile extends AutoCloseable {
    /** The most bytes that one write may carry. */
    int chunkSize();

    /**
     * What had the later name when {@link RemoteFiles#stage} opened the file, a link itself and not its target; empty if
     * nothing had it, or if that is not known.
     */
    default Optional<RemoteStat> target() {
        return Optional.empty();
    }

    /**
     * Writes the first {@code length} bytes of the array after the bytes written before. The caller may reuse the array
     * when this returns.
     */
    void write(byte[] bytes, int length) throws TransferException;

    /**
     * The offset up to which the file is safe to resume: the server acknowledged every write below it, without a gap. It
     * begins at the offset at which the file was opened, never shrinks, and may lag behind what the server knows. Any
     * thread; also right after a failure and after closing.
     */
    long acknowledged();

    /**
     * Requests a sync to the server's disk of all bytes that are acknowledged now, and does not wait. Does nothing if the
     * server does not offer that, or while an earlier request is unanswered.
     */
    void startSync() throws TransferException;

    /**
     * The offset up to which the file is on the server's disk, without a gap. Behaves like {@link #acknowledged}, and is
     * never ahead of it.
     */
    long synced();

    /** Whether the server offers to sync the file to its disk, as far as it is known now. */
    boolean syncs();

    /**
     * Returns when the server has acknowledged every write and the closing of the file, and has synced bytes and name to
     * its disk if it offers that. Then the file is closed.
     *
     * @return what the server reports about the closed file
     */
    RemoteStat finish() throws TransferException;

    /** Gives the file up, unless it is finished. Never fails and does not wait long. */
    @Override
    void close();
}
