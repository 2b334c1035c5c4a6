package io.waybill.state.http;

import io.waybill.domain.ControlRecord;
import io.waybill.domain.FileEvent;

/** Writes requests as events to file-events, and those about a place or a route to controls. */
public interface EventWriter {
    /** Returns when the event is durable. Throws {@link NotWrittenException} if that is not known. */
    void write(FileEvent event);

    /** As {@link #write(FileEvent)}, for all files of a place or a route. */
    void write(ControlRecord record);

    /** The event may or may not have been written. */
    final class NotWrittenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public NotWrittenException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
