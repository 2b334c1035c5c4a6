package io.waybill.launcher.s3;

/** The store refused, or did not answer. The message is for people. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
