package io.waybill.domain;

import java.time.Instant;

/**
 * Says that the files that wait for a place may be tried from now on. It means files that have waited since before.
 *
 * @param at     by the clock of the process that says it
 * @param by     the worker or the person that says it
 * @param reason why, for people; may be empty
 */
public record Release(Place place, Instant at, Cause cause, String by, String reason) implements ControlRecord {
    /** Why the files may be tried. The names are Avro symbols, hence public: add, never rename. */
    public enum Cause {
        /** A worker has reached the place after an outage. */
        CONNECTED,
        /** A worker starts, or may try the place again. */
        STARTED,
        /** A person asks for it: the place is tried at once, however soon after the last try. */
        ASKED
    }

    public Release {
        by = Texts.cut(by, FileEvent.LONGEST_BY);
        reason = Texts.cut(reason, FileEvent.LONGEST_REASON);
    }

    /** A release that explains itself. */
    public Release(Place place, Instant at, Cause cause, String by) {
        this(place, at, cause, by, "");
    }

    @Override
    public FileId key() {
        return switch (place) {
            case Place.Destination(var name) -> FileId.ofPlace("destination", name.value());
            case Place.Bucket(var name) -> FileId.ofPlace("bucket", name);
        };
    }
}
