package io.waybill.store;

import io.waybill.domain.SourceObject;
import io.waybill.domain.TransferException;
import java.io.InputStream;
import java.util.Optional;

/** Reads objects from the store. Thread-safe. */
public interface ObjectReader extends AutoCloseable {
    /**
     * Opens exactly the version named, never a mix of two: what the store's answer says of ETag, version and length is
     * compared with what the object had when it arrived, and so is a checksum of the whole object where the store tells
     * one, at the end of the stream. A read that fails throws {@link java.io.IOException}; closing before the end breaks
     * the download off instead of reading on.
     *
     * @throws TransferException SOURCE_GONE, SUPERSEDED, SOURCE_FORBIDDEN or SOURCE_UNREACHABLE
     */
    InputStream open(SourceObject object) throws TransferException;

    /**
     * The version of an object that the store names as current; empty if it has none, does not let us ask, or cannot tell.
     *
     * @throws TransferException SOURCE_UNREACHABLE
     */
    default Optional<SourceObject> current(String bucket, String key) throws TransferException {
        return Optional.empty();
    }

    @Override
    void close();
}
