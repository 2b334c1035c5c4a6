package io.waybill.domain;

/** What is to become of a file of which nobody can tell whether it was delivered. */
public enum Resolution {
    /** The partner has it: it counts as delivered, by word of whoever says so. */
    DELIVERED,
    /** The partner does not have it, or may have it twice: it is sent again. */
    RESEND
}
