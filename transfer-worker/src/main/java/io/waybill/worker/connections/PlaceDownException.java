package io.waybill.worker.connections;

import io.waybill.domain.Failure;
import io.waybill.domain.TransferException;
import java.time.Instant;

/** The worker cannot reach a place now. No file is to blame. */
public abstract sealed class PlaceDownException extends TransferException
        permits DestinationDownException, SourceDownException {
    private final Instant until;

    PlaceDownException(Failure failure, Instant until) {
        super(failure);
        this.until = until;
    }

    /** The earliest time to try again. */
    public final Instant until() {
        return until;
    }
}
