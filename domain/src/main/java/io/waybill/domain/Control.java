package io.waybill.domain;

import java.time.Instant;

/**
 * Tells the workers that sendings of a file are no longer wanted.
 *
 * @param sending 1 or more; the control means this sending and all before it
 * @param at      when the sendings were given up
 */
public record Control(FileId id, int sending, Kind kind, Instant at) implements ControlRecord {
    public Control {
        if (sending < 1) {
            throw new IllegalArgumentException("sendings count from 1, but was: " + sending);
        }
    }

    /** Why the work is no longer wanted. The names are Avro symbols, hence public: add, never rename. */
    public enum Kind {
        /** The file timed out. A worker does not begin work that waits in a queue. It finishes work that it began. */
        GIVEN_UP,
        /**
         * A person cancelled the file, or an earlier sending was, or may have been, delivered. A worker also stops work
         * that is not about to get its final name.
         */
        CANCELLED
    }

    @Override
    public FileId key() {
        return id;
    }

    /** Whether the control means an attempt. */
    public boolean means(Attempt attempt) {
        return attempt.sending() <= sending;
    }
}
