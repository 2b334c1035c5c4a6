package io.waybill.ingest;

import io.waybill.domain.SourceObject;

/** What ingest asks of an object store. Safe for several threads. */
public interface ObjectStore extends AutoCloseable {
    /**
     * Describes an object version. Blocks until the store answers or a bounded time has passed.
     *
     * @throws StoreUnavailableException if there is no answer yet; asking again later may give one
     */
    Answer head(ObjectVersion object) throws StoreUnavailableException;

    @Override
    void close();

    /** What a store says for good. */
    sealed interface Answer {
        /** There it is. */
        record Found(SourceObject object) implements Answer {}

        /** The bucket is there, and the object or version is not. */
        record Gone() implements Answer {}

        /**
         * The store answers other questions and not this one, and never will.
         *
         * @param fault what it said, for people
         */
        record Refused(String fault) implements Answer {}
    }
}
