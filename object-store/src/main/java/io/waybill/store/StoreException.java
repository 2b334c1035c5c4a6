package io.waybill.store;

import java.io.IOException;

/** The store is down, refuses what was asked, or is not set up. Asking again later may help. */
public final class StoreException extends IOException {
    /**
     * @param what what was asked, what came back, and what to do about it; for people, and without a secret
     */
    public StoreException(String what, Throwable cause) {
        super(what, cause);
    }

    /** Without a cause below it. */
    public StoreException(String what) {
        super(what);
    }
}
