package io.waybill.sftp;

import io.waybill.domain.TransferException;

/**
 * A file at a destination, open for writing. One thread, but for {@link #acknowledged} and
 * {@link #synced}. Writes are sent ahead of their
 * acknowledgements, a bounded number of bytes; a refused one is thrown by a later call, at the latest by {@link #finish}. Parts of the file
 * may go over other connections; if one of those breaks, CONNECTION_LOST is thrown and the file's own connection stays open.
 */
public interface RemoteFile extends AutoCloseable {
    /** The most bytes that one write may carry. */
    int chunkSize();

    /**
     * Writes the first {@code length} bytes behind those written before; the array may be used again as soon as this
     * returns.
     */
    void write(byte[] bytes, int length) throws TransferException;

    /**
     * Up to where the file is safe to go on from: the server acknowledged every write below this offset, without a gap. It
     * begins with the offset that the file was opened at, never shrinks, and may lag behind what the server knows. Any
     * thread; right after a failure and after closing too.
     */
    long acknowledged();

    /**
     * Begins to bring what is acknowledged by now to the server's disk, and does not wait. Does nothing where the server
     * does not offer that, or while it is at it already.
     */
    void startSync() throws TransferException;

    /** Up to where the file is on the server's disk, without a gap; as {@link #acknowledged} is, and never ahead of it. */
    long synced();

    /**
     * Returns when every write and the closing of the file are acknowledged, and the bytes and the file's name are on disk
     * where the server offers that. The file is then closed.
     *
     * @return what the server tells of the closed file
     */
    RemoteStat finish() throws TransferException;

    /** Gives the file up, unless it was finished. Never fails and does not wait long. */
    @Override
    void close();
}
