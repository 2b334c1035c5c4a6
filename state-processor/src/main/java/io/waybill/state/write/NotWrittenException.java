package io.waybill.state.write;

/** A change was not written, or it is not known whether it was. It was never written in part. */
public final class NotWrittenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotWrittenException(String message) {
        super(message);
    }

    public NotWrittenException(String message, Throwable cause) {
        super(message, cause);
    }
}
