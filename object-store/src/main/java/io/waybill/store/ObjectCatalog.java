package io.waybill.store;

import io.waybill.domain.SourceObject;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Describes and lists the objects of a store. Safe for several threads. Each call blocks until the store answers or a
 * bounded time has passed.
 */
public interface ObjectCatalog extends AutoCloseable {
    /**
     * Describes an object version.
     *
     * @throws StoreException if the store gave no answer yet; a later call may get one. Its scope says whether the store
     *                        answers for the bucket
     */
    Answer describe(ObjectVersion object) throws StoreException;

    /**
     * Lists the current versions of all objects whose keys begin with a prefix, in the order of their keys. A listing
     * names no version ids. If somebody writes or removes an object meanwhile, the listing may contain it or not.
     *
     * @param prefix empty for the whole bucket
     * @param each   gets one object after the other, on this thread, while the listing is under way
     * @throws StoreException if the listing is not complete; {@code each} may have got some objects
     */
    void list(String bucket, String prefix, Consumer<SourceObject> each) throws StoreException;

    /**
     * Checks only that the store answers for the bucket.
     *
     * @throws StoreException if the bucket cannot be used
     */
    void requireBucket(String bucket) throws StoreException;

    @Override
    void close();

    /** An answer of the store. */
    sealed interface Answer {
        /**
         * The object exists.
         *
         * @param sha256    of the content, if the writer of the object recorded it; lower-case hexadecimal
         * @param voidMark  why a mark of the object's origin is not believed, for people; empty if there is none, or a valid
         *                  one
         */
        record Found(SourceObject object, Optional<String> sha256, Optional<String> voidMark) implements Answer {
            /** An object whose writer gave no digest. */
            public Found(SourceObject object) {
                this(object, Optional.empty());
            }

            /** An object without a mark that is not believed. */
            public Found(SourceObject object, Optional<String> sha256) {
                this(object, sha256, Optional.empty());
            }

            /**
             * Whether the object surely has this content. An ETag is the MD5 of the content only if the object was
             * written in one piece and the store does not encrypt it. In all other cases the ETag equals no MD5.
             */
            public boolean has(Content content) {
                return object.size() == content.size()
                        && sha256.map(content.sha256()::equals).orElseGet(() -> object.etag().equals(content.md5()));
            }
        }

        /** The bucket exists. The object or version does not. */
        record Gone() implements Answer {}

        /**
         * The object exists, and nobody can read it before it is restored.
         *
         * @param advice where it is and what to do, for people
         */
        record Archived(String advice) implements Answer {}

        /**
         * The store answers other questions, but never this one.
         *
         * @param fault the store's words, for people
         */
        record Refused(String fault) implements Answer {}
    }
}
