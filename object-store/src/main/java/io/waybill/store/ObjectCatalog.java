package io.waybill.store;

import io.waybill.domain.SourceObject;
import java.util.Optional;
import java.util.function.Consumer;

/** Says what a store has. Safe for several threads; each call blocks until the store answers or a bounded time has passed. */
public interface ObjectCatalog extends AutoCloseable {
    /**
     * Describes an object version.
     *
     * @throws StoreException if there is no answer yet; asking again later may give one
     */
    Answer describe(ObjectVersion object) throws StoreException;

    /**
     * Lists the current versions of all objects whose keys begin with a prefix, in the order of their keys. A listing names
     * no version ids. An object that is written or removed meanwhile may be in it or not.
     *
     * @param prefix empty for the whole bucket
     * @param each   told of one object after the other, on this thread, while the listing is under way
     * @throws StoreException if the listing is not complete; some objects may have been told
     */
    void list(String bucket, String prefix, Consumer<SourceObject> each) throws StoreException;

    /**
     * Asks for nothing but an answer.
     *
     * @throws StoreException if the bucket cannot be used
     */
    void requireBucket(String bucket) throws StoreException;

    @Override
    void close();

    /** What a store says for good. */
    sealed interface Answer {
        /**
         * There it is.
         *
         * @param sha256 of the content, if whoever put it there said so; lower-case hexadecimal
         */
        record Found(SourceObject object, Optional<String> sha256) implements Answer {
            /** Of an object whose writer gave no digest. */
            public Found(SourceObject object) {
                this(object, Optional.empty());
            }

            /**
             * Whether the object surely has this content. An ETag is the MD5 of the content only where the object was put
             * in one piece and the store does not encrypt; where it is not, it equals none.
             */
            public boolean has(Content content) {
                return object.size() == content.size()
                        && sha256.map(content.sha256()::equals).orElseGet(() -> object.etag().equals(content.md5()));
            }
        }

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
