package io.waybill.domain;

/** The five words for a file's state in the output for people, in topics and metrics. */
public enum Status {
    PENDING,
    STARTED,
    COMPLETED,
    FAILED,
    TIMED_OUT;

    /** Whether only a redrive or a late proof of delivery can still move the file. */
    public boolean terminal() {
        return this == COMPLETED || this == FAILED || this == TIMED_OUT;
    }
}
