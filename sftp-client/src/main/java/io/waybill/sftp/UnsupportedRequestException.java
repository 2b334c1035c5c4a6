package io.waybill.sftp;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;

/**
 * The destination's server does not know a request, whatever it offered when the connection was made. No later connection
 * to that destination has the capability in {@link RemoteFiles#capabilities()}. So the caller must not repeat the request,
 * and must take another way.
 */
public final class UnsupportedRequestException extends TransferException {
    public UnsupportedRequestException(String detail) {
        super(FailureKind.REMOTE_ERROR, detail);
    }

    public UnsupportedRequestException(String detail, Throwable cause) {
        super(FailureKind.REMOTE_ERROR, detail, cause);
    }
}
