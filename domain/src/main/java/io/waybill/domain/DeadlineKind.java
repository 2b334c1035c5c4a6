package io.waybill.domain;

/** What the clock alone does to a file. */
public enum DeadlineKind {
    /** A waiting attempt may start. */
    RETRY_DUE,
    /** No worker or importer took the file up in time. */
    UNCLAIMED,
    /** The worker or importer that took the file up did not finish in time. */
    UNFINISHED
}
