package io.waybill.ingest;

import io.waybill.store.ObjectVersion;

/** One thing that a notification says; a record may hold many. */
sealed interface ObjectEvent {
    /** An object version was written. */
    record Created(ObjectVersion object) implements ObjectEvent {}

    /**
     * Something that brings no file: a removal, a test, an access.
     *
     * @param what the store's own word for it
     */
    record Ignored(String what) implements ObjectEvent {}

    /**
     * Nobody can tell what it says.
     *
     * @param fault what was found, where, and what was expected; for people
     */
    record Unreadable(String fault) implements ObjectEvent {}
}
