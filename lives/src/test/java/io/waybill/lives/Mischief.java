package io.waybill.lives;

import io.waybill.domain.FileEvent;

/** What a world does wrong on purpose, so that a checker can show that it would see it. */
interface Mischief {
    /** A world that is as it should be. */
    Mischief NONE = new Mischief() {};

    /** Whether it has the product do one thing wrong, always. */
    default boolean does(Mutation mutation) {
        return false;
    }

    /** A file got a final name. */
    default void appeared(World world, String path, Node node) {}

    /** Whether the state overlooks an event. */
    default boolean overlooks(World world, FileEvent event) {
        return false;
    }

    /** Whether deadlines are watched. */
    default boolean watchesDeadlines() {
        return true;
    }
}
