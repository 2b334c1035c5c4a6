package io.waybill.store;

import java.io.IOException;

/** The store is down, refuses the request, or is not set up. A later request may succeed. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Scope scope;

    /** How much of the store a failure is about, as far as one question can tell. */
    public enum Scope {
        /** The store answers for the bucket, and not for this object. */
        OBJECT,
        /** The store answers nothing about the bucket, or nothing at all. */
        BUCKET
    }

    private StoreException(Scope scope, String what, Throwable cause) {
        super(what, cause);
        this.scope = scope;
    }

    /**
     * A failure of the bucket or of the whole store.
     *
     * @param what the request, the answer, and what to do about it; for people, and without a secret
     */
    public StoreException(String what, Throwable cause) {
        this(Scope.BUCKET, what, cause);
    }

    /** An exception without a cause. */
    public StoreException(String what) {
        super(what);
        scope = Scope.BUCKET;
    }

    /** A failure that concerns one object of a bucket for which the store answers. */
    public static StoreException ofObject(String what, Throwable cause) {
        return new StoreException(Scope.OBJECT, what, cause);
    }

    public Scope scope() {
        return scope;
    }
}
