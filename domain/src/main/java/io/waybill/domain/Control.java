package io.waybill.domain;

import java.time.Instant;

/**
 * Tells the workers that sendings of a file are not wanted any more: the value of {@code controls}, whose key is the file's
 * id.
 *
 * @param sending this sending and those before it are meant, 1 or more
 * @param at      when they were given up
 */
public record Control(FileId id, int sending, Kind kind, Instant at) {
    public Control {
        if (sending < 1) {
            throw new IllegalArgumentException("sendings count from 1, but was: " + sending);
        }
    }

    /** What is not wanted any more. The names are Avro symbols, hence public: add, never rename. */
    public enum Kind {
        /** The file timed out: what waits in a queue is not begun; what was begun is brought to its end. */
        GIVEN_UP,
        /**
         * A person cancelled it, or an earlier sending was, or may have been, delivered: what is not about to get its final
         * name is stopped, too.
         */
        CANCELLED
    }

    /** Whether an attempt is one of those that are meant. */
    public boolean means(Attempt attempt) {
        return attempt.sending() <= sending;
    }
}
