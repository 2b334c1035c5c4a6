package io.waybill.domain;

/** A value of {@code controls}. Its key is {@link #key()}. */
public sealed interface ControlRecord permits Control, Release, Suspension {
    /** The id under which the topic keeps only the newest record of the same subject. */
    FileId key();
}
