package io.waybill.worker.connections;

import io.waybill.domain.Failure;
import io.waybill.domain.TransferException;
import java.time.Instant;

/** The worker cannot connect to a destination now. Nothing was begun there, and no file is to blame. */
public final class DestinationDownException extends TransferException {
    private final Instant until;

    /**
     * @param until the earliest time to try again
     */
    public DestinationDownException(Failure failure, Instant until) {
        super(failure);
        this.until = until;
    }

    /** The earliest time to try again. */
    public Instant until() {
        return until;
    }
}
