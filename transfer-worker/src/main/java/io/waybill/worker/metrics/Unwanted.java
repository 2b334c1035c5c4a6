package io.waybill.worker.metrics;

/** Why the worker did not carry out an item. The names are metric tags, hence public: add, never rename. */
public enum Unwanted {
    /** The file timed out before the item began. */
    GIVEN_UP,
    /** A person cancelled the file before it was prepared. */
    CANCELLED,
    /** A newer version of the object was prepared or delivered at the same path. */
    SUPERSEDED,
    /** The object is unchanged since the version that was delivered at the same path, and the route skips such objects. */
    UNCHANGED,
    /** An earlier sending of the file was delivered. */
    DELIVERED,
    /** An earlier sending of the file may have been delivered; that is in doubt. */
    IN_DOUBT
}
