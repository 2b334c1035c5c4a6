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
     * object, the reader compares it at the end of the stream. A read that fails throws {@link java.io.IOException}.
     * Closing before the end breaks the download off and does not read the rest.
     *
     * @throws TransferException SOURCE_GONE, SUPERSEDED, SOURCE_FORBIDDEN or SOURCE_UNREACHABLE
     */
    InputStream open(SourceObject object) throws TransferException;

    /**
     * Returns the version of an object that the store names as current. It is empty if the store has none, does not
     * permit the question, or does not say which version is current.
     *
     * @throws TransferException SOURCE_UNREACHABLE
     */
    default Optional<SourceObject> current(String bucket, String key) throws TransferException {
        return Optional.empty();
    }

    @Override
    void close();
}
