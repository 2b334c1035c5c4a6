package io.waybill.ingest;

/** The store does not say whether an object is there: it is down, forbids the question, or is not set up. */
public final class StoreUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param what what was asked, what came back, and what to do about it; holds no secret
     */
    public StoreUnavailableException(String what, Throwable cause) {
        super(what, cause);
    }

    /** Without a cause below it. */
    public StoreUnavailableException(String what) {
        super(what);
    }
}
