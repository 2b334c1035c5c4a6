package io.waybill.sftp;

import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;

/** Makes connections to destinations. Thread-safe. */
public interface Connector extends AutoCloseable {
    /**
     * Opens one connection and logs in, so that it is ready for files.
     *
     * @param spare connections to the same destination, which may carry parts of a large file
     * @throws TransferException UNREACHABLE, HOST_KEY, AUTHENTICATION, or REMOTE_ERROR if the server accepts the login but
     *                           offers no SFTP
     */
    RemoteFiles connect(DestinationConfig destination, SpareConnections spare) throws TransferException;

    /** Opens one connection that has no further connections for large files. */
    default RemoteFiles connect(DestinationConfig destination) throws TransferException {
        return connect(destination, SpareConnections.NONE);
    }

    /** Breaks every connection that is still open. */
    @Override
    void close();
}
