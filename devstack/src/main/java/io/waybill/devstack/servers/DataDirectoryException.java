package io.waybill.devstack.servers;

import java.nio.file.Path;

/** The data directory cannot be used: not writable, on a full disk, or used by another stack. Nothing was started. */
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

    static DataDirectoryException full(Path dir, String spaces) {
        return new DataDirectoryException("the disk of the data directory " + dir + " is full: " + spaces
                + "; remove something, or choose another directory with --data");
    }

    static DataDirectoryException unusable(Path dir, Throwable cause) {
        return new DataDirectoryException(
                "the data directory " + dir + " cannot be written (" + cause + "); choose another with --data", cause);
    }
}
