package io.waybill.worker;

import java.util.OptionalLong;

/**
 * A file at a destination, open for writing. One thread. Writes are sent ahead of their acknowledgements, a bounded
 * number of bytes; a refused one is thrown by a later call, at the latest by {@link #finish}.
 */
public interface RemoteFile extends AutoCloseable {
    /** The most bytes that one write may carry. */
    int chunkSize();

    /** Appends the first {@code length} bytes; the array may be used again as soon as this returns. */
    void write(byte[] bytes, int length) throws TransferException;

    /**
     * Returns when every write and the closing of the file are acknowledged, and the bytes are on disk where the server
     * offers that. The file is then closed.
     *
     * @return the size the server tells for the closed file; empty where it does not tell
     */
    OptionalLong finish() throws TransferException;

    /** Gives the file up, unless it was finished. Never fails and does not wait long. */
    @Override
    void close();
}
