package io.waybill.launcher.process;

/** Follows the progress of a start. Several threads call it. */
@FunctionalInterface
public interface StartListener {
    /**
     * A part is ready.
     *
     * @param part   the name of the part, for people
     * @param detail its address, for people; may be empty
     */
    void ready(String part, String detail);

    /**
     * A part begins to start.
     *
     * @param part the same name that {@link #ready} gets later
     */
    default void starting(String part) {}
}
