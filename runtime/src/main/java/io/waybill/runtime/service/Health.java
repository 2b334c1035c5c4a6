package io.waybill.runtime.service;

/**
 * The health of a service.
 *
 * @param detail what it waits for or suffers from, for people; empty if there is nothing to say
 */
public record Health(State state, String detail) {
    public static final Health UP = new Health(State.UP, "");

    /** The three answers that an orchestrator can act on. */
    public enum State {
        /** Alive, but not ready: send it no requests. */
        STARTING,
        /** At work. */
        UP,
        /** Cannot recover: restart it. */
        DOWN
    }

    public static Health starting(String detail) {
        return new Health(State.STARTING, detail);
    }

    public static Health down(String detail) {
        return new Health(State.DOWN, detail);
    }
}
