package io.waybill.sftp;

import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;

/** Makes connections to destinations. Thread-safe. */
public interface Connector extends AutoCloseable {
    /**
     * Makes one connection, logged in and ready for files.
     *
     * @param spare connections to the same destination, over which parts of a large file may go too
     * @throws TransferException UNREACHABLE, HOST_KEY, AUTHENTICATION, or REMOTE_ERROR where the server lets the user in
     *                           but offers no SFTP
     */
    RemoteFiles connect(DestinationConfig destination, SpareConnections spare) throws TransferException;

    /** Makes one connection that has no other beside it. */
    default RemoteFiles connect(DestinationConfig destination) throws TransferException {
        return connect(destination, SpareConnections.NONE);
    }

    /** Breaks every connection that is still open. */
    @Override
    void close();
}
