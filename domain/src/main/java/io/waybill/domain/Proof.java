package io.waybill.domain;

/** How surely the bytes at the destination are the bytes of the source, weakest first. */
public enum Proof {
    /** The destination acknowledged every write, and confirms nothing more. */
    NONE,
    /** The destination reports the expected size. */
    SIZE,
    /** The destination computed the expected checksum. */
    CHECKSUM,
    /** The bytes were read back and compared. */
    READBACK
}
