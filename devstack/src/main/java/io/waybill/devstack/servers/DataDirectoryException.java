package io.waybill.devstack.servers;

import java.nio.file.Path;

/** The data directory cannot be used: it is not writable, or another stack uses it. Nothing was started. */
public final class DataDirectoryException extends StackException {
    private static final long serialVersionUID = 1L;

    private DataDirectoryException(String message) {
        super(message);
    }

    private DataDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }

    static DataDirectoryException inUse(Path dir) {
        return new DataDirectoryException("the data directory " + dir
                + " is in use by another running stack; stop that one or choose another directory with --data");
    }

    static DataDirectoryException unusable(Path dir, Throwable cause) {
        return new DataDirectoryException(
                "the data directory " + dir + " cannot be written (" + cause + "); choose another with --data", cause);
    }
}
