package io.waybill.worker.connections;

import io.waybill.domain.Failure;
import java.time.Instant;

/** The worker cannot read a bucket now. No object of it is to blame. */
public final class SourceDownException extends PlaceDownException {
    /**
     * @param until the earliest time to try again
     */
    public SourceDownException(Failure failure, Instant until) {
        super(failure, until);
    }
}
