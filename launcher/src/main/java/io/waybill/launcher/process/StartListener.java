package io.waybill.launcher.process;

/** Hears how a start goes. Called from several threads. */
@FunctionalInterface
public interface StartListener {
    /**
     * A part is ready.
     *
     * @param part   what, for people
     * @param detail where it is, for people; may be empty
     */
    void ready(String part, String detail);
}
