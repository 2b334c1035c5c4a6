package io.waybill.sftp;

import java.io.IOException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Tries out whether the bytes of a file may come over two channels and in any order, with a file of three bytes. Gateways
 * to object stores refuse that, or put every write behind the one before it wherever it belongs; then the file is longer
 * than it should be. Other servers empty a file that is opened again, or have a file of its own for each opening, of which
 * the one that is closed last stays; then it is shorter: what was written before the second opening is the file's end.
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
