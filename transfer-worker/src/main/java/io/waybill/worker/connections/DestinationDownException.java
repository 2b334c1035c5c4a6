package io.waybill.worker.connections;

import io.waybill.domain.Failure;
import java.time.Instant;

/** The worker cannot connect to a destination now. Nothing was begun there, and no file is to blame. */
public final class DestinationDownException extends PlaceDownException {
    /**
     * @param until the earliest time to try again
     */
    public DestinationDownException(Failure failure, Instant until) {
        super(failure, until);
    }
}
