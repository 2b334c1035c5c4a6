package io.waybill.devstack.servers;

/** Hears of each part of a stack as it begins to serve. Called from several threads. */
@FunctionalInterface
public interface StackListener {
    /** Hears nothing. */
    StackListener NONE = (_, _) -> {};

    /**
     * A part serves.
     *
     * @param part for people, such as "Kafka"
     * @param address where
     */
    void serving(String part, String address);
}
