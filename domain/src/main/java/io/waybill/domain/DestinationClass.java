package io.waybill.domain;

/** What a destination's server lets Waybill promise, strongest first. */
public enum DestinationClass {
    /** Atomic and durable: posix-rename and fsync. */
    A,
    /** Atomic: posix-rename, no fsync. */
    B,
    /** Rename that refuses to overwrite. */
    C,
    /** No rename: written under the final name, with a done-file. At least once. */
    D
}
