package io.waybill.state.http;

import io.waybill.domain.FileEvent;

/** Tells file-events what somebody asked for. */
@FunctionalInterface
public interface EventWriter {
    /** Returns once the event is durable; throws {@link NotWrittenException} if that is not known. */
    void write(FileEvent event);

    /** The event may or may not have been written. */
    final class NotWrittenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public NotWrittenException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
