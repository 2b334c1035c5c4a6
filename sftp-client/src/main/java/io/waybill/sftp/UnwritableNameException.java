package io.waybill.sftp;

import java.io.IOException;

/** No bytes in the server's character set stand for exactly this path. The message says why. */
final class UnwritableNameException extends IOException {
    private static final long serialVersionUID = 1L;

    UnwritableNameException(String message) {
        super(message);
    }
}
