package io.waybill.store;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;

/**
 * No object of a bucket can be read now: the store does not answer for the bucket, or does not accept this process's
 * credentials or clock. The object that was asked for is not the reason.
 */
public final class StoreDownException extends TransferException {
    /** A failure of kind SOURCE_UNREACHABLE. */
    public StoreDownException(String detail, Throwable cause) {
        super(FailureKind.SOURCE_UNREACHABLE, detail, cause);
    }
}
