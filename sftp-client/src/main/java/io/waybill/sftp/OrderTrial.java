package io.waybill.sftp;

import java.io.IOException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Tries out whether it is the order of the bytes that a server refuses, rather than a second handle, an answer, or any more
 * bytes: over one handle, which a write at the beginning works with, and one behind a gap does not.
 */
final class OrderTrial {
    private static final int NEW_FILE =
            SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_EXCL;
    private static final long BEHIND_A_GAP = 2;

    private final SftpRequests requests;
    private final byte[] name;

    /**
     * @param name which nobody else has
     */
    OrderTrial(SftpRequests requests, byte[] name) {
        this.requests = requests;
        this.name = name;
    }

    /**
     * Tries, and leaves the file, if it was made.
     *
     * @return false also where that cannot be told
     */
    boolean refusesGap() throws IOException {
        byte[] handle;
        try {
            handle = requests.awaitHandle(requests.open(name, NEW_FILE));
        } catch (SftpException e) {
            return false;
        }
        try {
            return writes(handle, 0) && !writes(handle, BEHIND_A_GAP);
        } finally {
            requests.awaitAnything(requests.send(SftpConstants.SSH_FXP_CLOSE, handle));
        }
    }

    private boolean writes(byte[] handle, long offset) throws IOException {
        try {
            requests.writeByte(handle, offset);
            return true;
        } catch (SftpException e) {
            return false;
        }
    }
}
