package io.waybill.worker.metrics;

/** Why an item was not carried out. The names are metric tags, hence public: add, never rename. */
public enum Unwanted {
    /** The file timed out before the item began. */
    GIVEN_UP,
    /** A person cancelled it before it was prepared. */
    CANCELLED,
    /** A newer version of the object was prepared or delivered at the same path. */
    SUPERSEDED,
    /** An earlier sending of the file was delivered. */
    DELIVERED,
    /** Whether an earlier sending of the file was delivered is in doubt. */
    IN_DOUBT
}
