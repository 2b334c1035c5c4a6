package io.waybill.store;

import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import java.io.InputStream;
import java.util.Optional;

/** Reads objects from the store. Thread-safe. */
public interface ObjectReader extends AutoCloseable {
    /**
     * Opens exactly the named version, never a mix of two. The reader compares the ETag, the version and the length in
     * the store's answer with those that the object had when it arrived. If the store gives a checksum of the whole
     * object, the reader compares it at the end of the stream. If the store breaks off, the stream continues where it
     * stopped. A read that fails throws {@link java.io.IOException}; its cause is a TransferException, as of this method,
     * if the store refused the rest. Closing before the end breaks the download off and does not read the rest. The stream
     * may be {@link Held}.
     *
     * @throws TransferException  SOURCE_GONE, SUPERSEDED, SOURCE_FORBIDDEN or SOURCE_UNREACHABLE
     * @throws StoreDownException if the object is not the reason
     * @throws ObjectArchivedException if the object must be restored first
     */
    InputStream open(SourceObject object) throws TransferException;

    /** A stream that holds a connection to the store. */
    interface Held {
        /** Gives the connection up until the next read. For the thread that reads. */
        void letGo();
    }

    /** Whether the store answers for a bucket at all, whatever may be wrong with its objects. */
    default boolean answers(String bucket) {
        return true;
    }

    /**
     * Returns the version of an object that the store names as current. It is empty if the store has none, does not
     * permit the question, or does not say which version is current.
     *
     * @throws TransferException  SOURCE_UNREACHABLE
     * @throws StoreDownException if the object is not the reason
     */
    default Optional<SourceObject> current(String bucket, String key) throws TransferException {
        return Optional.empty();
    }

    @Override
    void close();
}
