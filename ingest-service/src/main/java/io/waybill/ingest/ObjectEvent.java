package io.waybill.ingest;

import io.waybill.store.ObjectVersion;

/** One entry of a notification. A record may have several. */
sealed interface ObjectEvent {
    /** An object version was written. */
    record Created(ObjectVersion object) implements ObjectEvent {}

    /**
     * An event that brings no file: a removal, a test, an access.
     *
     * @param what the store's own word for the event
     */
    record Ignored(String what) implements ObjectEvent {}

    /**
     * Ingest cannot read the entry.
     *
     * @param fault what ingest found, where, and what it expected; for people
     */
    record Unreadable(String fault) implements ObjectEvent {}
}
