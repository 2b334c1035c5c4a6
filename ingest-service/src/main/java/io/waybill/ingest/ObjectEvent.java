package io.waybill.ingest;

import io.waybill.store.ObjectVersion;
import org.jspecify.annotations.Nullable;

/** One entry of a notification. A record may have several. */
sealed interface ObjectEvent {
    /**
     * An object version was written.
     *
     * @param object    with the decoded key
     * @param rawKey    the key as the notification has it, if the store may mean it literally; else null
     * @param eventName the store's word for how it was written, such as {@code Put}; empty if there is none
     */
    record Created(ObjectVersion object, @Nullable String rawKey, String eventName) implements ObjectEvent {
        Question question() {
            return new Question(object, rawKey);
        }
    }

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
