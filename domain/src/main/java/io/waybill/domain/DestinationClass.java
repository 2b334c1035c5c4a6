package io.waybill.domain;

/** What a destination's server lets Waybill promise, strongest first. Outside of Java a class is a letter. */
public enum DestinationClass {
    /** Atomic and durable: posix-rename and fsync. */
    ATOMIC_DURABLE("A"),
    /** Atomic: posix-rename, no fsync. */
    ATOMIC("B"),
    /** Rename that refuses to overwrite. */
    NON_ATOMIC("C"),
    /** No rename: written under the final name, with a done-file. At least once. */
    DIRECT("D");

    private final String letter;

    DestinationClass(String letter) {
        this.letter = letter;
    }

    /** A to D, as Avro, JSON, the command line and the documents say it: never changed. */
    public String letter() {
        return letter;
    }
}
