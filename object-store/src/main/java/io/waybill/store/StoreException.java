package io.waybill.store;

import java.io.IOException;

/** The store is down, refuses the request, or is not set up. A later request may succeed. */
public final class StoreException extends IOException {
    /**
     * @param what the request, the answer, and what to do about it; for people, and without a secret
     */
    public StoreException(String what, Throwable cause) {
        super(what, cause);
    }

    /** An exception without a cause. */
    public StoreException(String what) {
        super(what);
    }
}
