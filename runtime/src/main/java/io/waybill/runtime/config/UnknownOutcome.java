package io.waybill.runtime.config;

/** What follows if nobody can tell whether a file was delivered. */
public enum UnknownOutcome {
    /**
     * The file ends as {@link io.waybill.domain.FailureKind#IN_DOUBT}, and a person decides whether it was delivered.
     */
    HOLD,
    /** The file counts as delivered, without proof: at most once. */
    ASSUME_DELIVERED,
    /** The file is sent again: at least once. */
    RESEND
}
