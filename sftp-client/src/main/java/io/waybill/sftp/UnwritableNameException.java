package io.waybill.sftp;

import java.io.IOException;

/** A path has no bytes of its own in the character set that a server writes names in. The message says why. */
final class UnwritableNameException extends IOException {
    private static final long serialVersionUID = 1L;

    UnwritableNameException(String message) {
        super(message);
    }
}
