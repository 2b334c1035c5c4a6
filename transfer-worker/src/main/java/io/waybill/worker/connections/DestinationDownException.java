package io.waybill.worker.connections;

import io.waybill.domain.Failure;
import io.waybill.domain.TransferException;
import java.time.Instant;

/** No connection to a destination can be had now. Nothing was begun there, and no file is to blame. */
public final class DestinationDownException extends TransferException {
    private final Instant until;

    /**
     * @param until when to ask again, not before
     */
    public DestinationDownException(Failure failure, Instant until) {
        super(failure);
        this.until = until;
    }

    /** When to ask again, not before. */
    public Instant until() {
        return until;
    }
}
