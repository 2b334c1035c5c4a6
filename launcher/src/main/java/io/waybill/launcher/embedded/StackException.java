package io.waybill.launcher.embedded;

/**
 * The stack cannot start for a reason that the person at the terminal can mend. The message alone tells
 * what and how, without a stack trace.
 */
public sealed class StackException extends RuntimeException permits PortBusyException, DataDirectoryException {
    StackException(String message) {
        super(message);
    }

    StackException(String message, Throwable cause) {
        super(message, cause);
    }
}
