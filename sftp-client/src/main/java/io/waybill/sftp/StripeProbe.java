package io.waybill.sftp;

import java.io.IOException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Tests with a file of three bytes whether a server takes the bytes of a file over two channels and in any order.
 * Gateways to object stores refuse that, or append every write to the one before, wherever it belongs; then the file is
 * too long. Other servers empty a file that is opened again, or keep a file of its own for each opening, and the one
 * that is closed last stays. Then the file is too short, because the byte written before the second opening is the end
 * of the file.
 */
final class StripeProbe {
    private static final int NEW_FILE =
            SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_EXCL;
    private static final int LENGTH = 3;

    private final SftpRequests first;
    private final SftpRequests second;
    private final byte[] name;

    /**
     * @param name a name that nobody else uses
     */
    StripeProbe(SftpRequests first, SftpRequests second, byte[] name) {
        this.first = first;
        this.second = second;
        this.name = name;
    }

    /**
     * Runs the trial and removes the file.
     *
     * @throws SftpException if the server refused any of the requests
     */
    boolean run() throws IOException {
        byte[] handle = first.awaitHandle(first.open(name, NEW_FILE));
        try {
            first.writeByte(handle, 2);
            byte[] other = second.awaitHandle(second.open(name, SftpConstants.SSH_FXF_WRITE));
            try {
                second.writeByte(other, 1);
                first.writeByte(handle, 0);
                second.writeByte(other, 0);
            } finally {
                second.awaitOk(second.send(SftpConstants.SSH_FXP_CLOSE, other));
            }
            RemoteStat stat = first.awaitStat(first.send(SftpConstants.SSH_FXP_STAT, name));
            return stat.size().isPresent() && stat.size().getAsLong() == LENGTH;
        } finally {
            int closed = first.send(SftpConstants.SSH_FXP_CLOSE, handle);
            int removed = first.send(SftpConstants.SSH_FXP_REMOVE, name);
            first.awaitOk(closed);
            first.awaitOk(removed);
        }
    }
}
