package io.waybill.store.queue;

import java.io.IOException;

/** A queue does not answer, or refuses; the message says which queue, what it refused, and what to correct. */
public final class QueueException extends IOException {
    private static final long serialVersionUID = 1L;

    QueueException(String message, Throwable cause) {
        super(message, cause);
    }
}
