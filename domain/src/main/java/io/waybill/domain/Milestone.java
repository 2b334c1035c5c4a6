package io.waybill.domain;

/**
 * What a transfer-worker gets done in one attempt, in this order; an attempt that fails has done the first few. The
 * names are Avro and JSON values, hence public: add, never rename.
 */
public enum Milestone {
    /** The worker has read the work; from here on it waits for a slot in its lane, which {@code Started} tells of. */
    RECEIVED,
    /** A connection to the destination is there. */
    CONNECTED,
    /** All bytes are acknowledged. */
    SENT,
    /** The destination has confirmed them, as the route asks. */
    VERIFIED,
    /** The intent to publish is committed. */
    PREPARED,
    /** The file has its final name. */
    PUBLISHED
}
