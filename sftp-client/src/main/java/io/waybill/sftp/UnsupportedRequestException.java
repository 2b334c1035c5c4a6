package io.waybill.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;

/**
 * The destination's server does not know a request, whatever it said when the connection was made. The capability is
 * gone from {@link RemoteFiles#capabilities()} of every later connection to that destination, so asking again is
 * pointless and another way must be taken.
 */
public final class UnsupportedRequestException extends TransferException {
    public UnsupportedRequestException(String detail) {
        super(FailureKind.REMOTE_ERROR, detail);
    }

    public UnsupportedRequestException(String detail, Throwable cause) {
        super(FailureKind.REMOTE_ERROR, detail, cause);
    }
}
