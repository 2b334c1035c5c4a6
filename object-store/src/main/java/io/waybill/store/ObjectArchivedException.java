package io.waybill.store;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;

/** The object is in an archive. Nobody can read it before it is restored, and no right helps. */
public final class ObjectArchivedException extends TransferException {
    /** A failure of kind SOURCE_FORBIDDEN. */
    public ObjectArchivedException(String detail, Throwable cause) {
        super(FailureKind.SOURCE_FORBIDDEN, detail, cause);
    }
}
