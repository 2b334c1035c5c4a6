package io.waybill.domain;

/**
 * The milestones of a transfer-worker in one attempt, in this order. A failed attempt has reached the first few. The
 * names are Avro and JSON values, hence public: add, never rename.
 */
public enum Milestone {
    /** The worker has read the work. From here on it waits for a slot in its lane; {@code Started} reports this. */
    RECEIVED,
    /** A connection to the destination exists. */
    CONNECTED,
    /** All bytes are acknowledged. */
    SENT,
    /** The destination has confirmed the bytes, as the route asks. */
    VERIFIED,
    /** The intent to publish is committed. */
    PREPARED,
    /** The file has its final name. */
    PUBLISHED
}
