package io.waybill.runtime.config;

/** What follows when nobody can tell whether a file was delivered. */
public enum UnknownOutcome {
    /** It ends as {@link io.waybill.domain.FailureKind#IN_DOUBT}, and a person says which it is. */
    HOLD,
    /** It counts as delivered, without proof: at most once. */
    ASSUME_DELIVERED,
    /** It is sent again: at least once. */
    RESEND
}
