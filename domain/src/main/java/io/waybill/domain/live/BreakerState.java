package io.waybill.domain.live;

/** Whether a worker connects to a destination. The names are Avro and JSON values, hence public: add, never rename. */
public enum BreakerState {
    /** The last try to connect succeeded, or there was none. */
    CLOSED,
    /** The destination is down: the worker leaves it alone until the next try. */
    OPEN,
    /** The destination takes no further connection; the open ones work, and files share them. */
    LIMITED
}
