package io.waybill.state.query;

/** The table cannot be read now. The message says why, for people. */
public final class TableNotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TableNotReadyException(String message) {
        super(message);
    }

    public TableNotReadyException(String message, Throwable cause) {
        super(message, cause);
    }
}
