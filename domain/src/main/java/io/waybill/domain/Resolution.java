package io.waybill.domain;

/** A person's decision about a file of which nobody can tell whether it was delivered. */
public enum Resolution {
    /** The partner has it. It counts as delivered, on the word of the person. */
    DELIVERED,
    /** The partner does not have it, or may receive it twice. It is sent again. */
    RESEND
}
