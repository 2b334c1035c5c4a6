package io.waybill.runtime.service;

/**
 * The health of a service.
 *
 * @param detail what it waits for or suffers from, for people; empty if there is nothing to say
 */
public record Health(State state, String detail) {
    public static final Health UP = new Health(State.UP, "");

    /** The answers that an orchestrator or an operator can act on. */
    public enum State {
        /** Alive, but not ready: send it no requests. */
        STARTING,
        /** At work. */
        UP,
        /** At work, but a part of it waits for something that a person must mend. A restart does not help. */
        WAITING,
        /** Was asked to end, and ends what is under way: send it no requests. */
        STOPPING,
        /** Cannot recover: restart it. */
        DOWN
    }

    public static final Health STOPPING = new Health(State.STOPPING, "was asked to stop");

    public static Health starting(String detail) {
        return new Health(State.STARTING, detail);
    }

    public static Health waiting(String detail) {
        return new Health(State.WAITING, detail);
    }

    public static Health down(String detail) {
        return new Health(State.DOWN, detail);
    }
}
