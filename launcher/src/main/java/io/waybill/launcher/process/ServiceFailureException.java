package io.waybill.launcher.process;

import org.jspecify.annotations.Nullable;

/** A service stopped, or did not start. The message is for people. */
public final class ServiceFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServiceFailureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
