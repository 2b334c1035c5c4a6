package io.waybill.testkit;

import java.nio.file.Path;

/** An SFTP server that a test starts, breaks and ends. Closing ends the daemon and every session of it. */
public interface SftpServer extends AutoCloseable {
    /** The server as a destination whose root is {@link #files()}. */
    SftpDestination destination();

    /** The directory to serve files from. */
    Path files();

    /** Kills the daemon and every session, and starts it again on the same port: the machine crashed and came back. */
    void restart();

    @Override
    void close();
}
