package io.waybill.domain;

/** The promises that a destination's server allows, strongest first. Outside of Java a class is a letter. */
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

    /** A to D, as in Avro, JSON, the command line and the documents; never changed. */
    public String letter() {
        return letter;
    }
}
