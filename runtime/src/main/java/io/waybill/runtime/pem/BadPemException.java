package io.waybill.runtime.pem;

import org.jspecify.annotations.Nullable;

/** A PEM file does not have what it must. The message is for people, and shows nothing of a key. */
public final class BadPemException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPemException(String message) {
        super(message);
    }

    BadPemException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
