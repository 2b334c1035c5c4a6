package io.waybill.devstack.servers;

/** Learns of each part of a stack when it begins to serve. Several threads call it. */
@FunctionalInterface
public interface StackListener {
    /** Ignores all calls. */
    StackListener NONE = (_, _) -> {};

    /**
     * A part begins to serve.
     *
     * @param part    for people, such as "Kafka"
     * @param address the address at which it serves
     */
    void serving(String part, String address);

    /**
     * A part begins to start.
     *
     * @param part the same name that {@link #serving} gets later
     */
    default void starting(String part) {}
}
