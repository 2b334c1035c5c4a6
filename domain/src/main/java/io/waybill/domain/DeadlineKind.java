package io.waybill.domain;

/** What happens to a file when nothing happens. */
public enum DeadlineKind {
    /** A waiting attempt may start. */
    RETRY_DUE,
    /** Nobody took up the file in time. */
    UNCLAIMED,
    /** Whoever took up the file did not finish in time. */
    UNFINISHED
}
