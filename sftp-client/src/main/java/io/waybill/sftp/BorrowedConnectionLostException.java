package io.waybill.sftp;

import java.io.IOException;

/** A connection beside a file's own broke: the file is of no more use, its own connection is. */
final class BorrowedConnectionLostException extends IOException {
    private static final long serialVersionUID = 1L;

    BorrowedConnectionLostException(IOException cause) {
        super(cause);
    }
}
