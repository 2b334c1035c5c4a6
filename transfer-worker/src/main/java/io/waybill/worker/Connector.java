package io.waybill.worker;

import io.waybill.runtime.config.DestinationConfig;

/** Makes connections to destinations. Thread-safe. */
public interface Connector extends AutoCloseable {
    /**
     * Makes one connection, logged in and ready for files.
     *
     * @throws TransferException UNREACHABLE, HOST_KEY, AUTHENTICATION, or REMOTE_ERROR where the server lets the user in
     *                           but offers no SFTP
     */
    RemoteFiles connect(DestinationConfig destination) throws TransferException;

    /** Breaks every connection that is still open. */
    @Override
    void close();
}
