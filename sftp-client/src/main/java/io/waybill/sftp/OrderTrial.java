package io.waybill.sftp;

import java.io.IOException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Tests whether a server refuses bytes out of order, and not a second handle, an answer, or more bytes in general. The
 * trial uses one handle: a write at the beginning works, and a write behind a gap does not.
 */
final class OrderTrial {
    private static final int NEW_FILE =
            SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_EXCL;
    private static final long BEHIND_A_GAP = 2;

    private final SftpRequests requests;
    private final byte[] name;

    /**
     * @param name a name that nobody else uses
     */
    OrderTrial(SftpRequests requests, byte[] name) {
        this.requests = requests;
        this.name = name;
    }

    /**
     * Runs the trial. It leaves the file behind, if the file was made.
     *
     * @return false also if the trial cannot find out
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
