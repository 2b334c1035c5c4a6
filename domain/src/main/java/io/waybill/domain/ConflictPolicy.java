package io.waybill.domain;

/** What to do when the final name is taken. */
public enum ConflictPolicy {
    /** The new file takes the name in one step. */
    REPLACE,
    /** The attempt fails with {@link FailureKind#NAME_CONFLICT}. */
    REFUSE,
    /** The new file takes a name of its own beside the other: {@code stem.<file id>.extension}. */
    KEEP_BOTH
}
