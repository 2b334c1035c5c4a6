package io.waybill.sftp;

import java.io.IOException;
import java.util.Optional;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Tests with an empty file whether a server takes two names for one. It removes the file. */
final class FoldTrial {
    private static final int NEW_FILE =
            SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_EXCL;

    private final SftpRequests requests;

    FoldTrial(SftpRequests requests) {
        this.requests = requests;
    }

    /**
     * Whether a file that is made under one name is found under another.
     *
     * @param made  a name that nobody else uses
     * @param other another name
     * @return empty if the trial cannot find out: the server refuses the name, or does not let names be looked up
     * @throws IOException if the connection broke
     */
    Optional<Boolean> meet(byte[] made, byte[] other) throws IOException {
        try {
            byte[] handle = requests.awaitHandle(requests.open(made, NEW_FILE));
            requests.awaitOk(requests.send(SftpConstants.SSH_FXP_CLOSE, handle));
        } catch (SftpException e) {
            return Optional.empty();
        }
        try {
            return isThere(made).filter(there -> there).isPresent() ? isThere(other) : Optional.empty();
        } finally {
            requests.awaitAnything(requests.send(SftpConstants.SSH_FXP_REMOVE, made));
        }
    }

    private Optional<Boolean> isThere(byte[] name) throws IOException {
        try {
            requests.awaitStat(requests.send(SftpConstants.SSH_FXP_STAT, name));
            return Optional.of(true);
        } catch (SftpException e) {
            return SftpFailures.nothingThere(e) ? Optional.of(false) : Optional.empty();
        }
    }
}
