package io.waybill.sftp;

import java.io.IOException;

/** A borrowed connection of a file broke. The file can no longer be written; the file's own connection is still usable. */
final class BorrowedConnectionLostException extends IOException {
    private static final long serialVersionUID = 1L;

    BorrowedConnectionLostException(IOException cause) {
        super(cause);
    }
}
