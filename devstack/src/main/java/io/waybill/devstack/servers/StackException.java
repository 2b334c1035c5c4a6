package io.waybill.devstack.servers;

import io.waybill.runtime.config.BadConfigurationException;
import java.util.List;

/**
 * The stack cannot start for a reason that the person at the terminal can repair. The message alone says what is wrong
 * and how to repair it, without a stack trace.
 */
public sealed class StackException extends BadConfigurationException permits PortBusyException, DataDirectoryException {
    private static final long serialVersionUID = 1L;

    StackException(String message) {
        super(List.of(message));
    }

    StackException(String message, Throwable cause) {
        super(List.of(message));
        initCause(cause);
    }
}
