package io.waybill.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Tests how many files a connection may have open, and what the server reports about them. Leaves no file behind. */
final class HandleTrial {
    private static final int NEW_FILE =
            SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_EXCL;

    private final SftpRequests requests;
    private final List<byte[]> names;
    private final List<byte[]> handles = new ArrayList<>();

    /**
     * @param names names that nobody else uses; the trial makes one file for each
     */
    HandleTrial(SftpRequests requests, List<byte[]> names) {
        this.requests = requests;
        this.names = names;
    }

    /**
     * @param open    how many files were open
     * @param refused whether the server refused another one
     * @param told    what the server reports about an empty file when asked by name
     */
    record Result(int open, boolean refused, RemoteStat told) {}

    /**
     * Opens files until the server refuses one.
     *
     * @throws IOException if the connection broke; then files may be left behind
     */
    Result run() throws IOException {
        boolean refused = false;
        try {
            for (byte[] name : names) {
                handles.add(requests.awaitHandle(requests.open(name, NEW_FILE)));
            }
        } catch (SftpException e) {
            refused = true;
        } finally {
            for (byte[] handle : handles) {
                var _ = succeeds(requests.send(SftpConstants.SSH_FXP_CLOSE, handle));
            }
        }
        RemoteStat told = handles.isEmpty() ? RemoteStat.UNTOLD : told(names.getFirst());
        remove();
        return new Result(handles.size(), refused, told);
    }

    private RemoteStat told(byte[] name) throws IOException {
        try {
            return requests.awaitStat(requests.send(SftpConstants.SSH_FXP_STAT, name));
        } catch (SftpException e) {
            return RemoteStat.UNTOLD;
        }
    }

    private void remove() throws IOException {
        // The refused file too: the server may have made it in spite of the refusal.
        for (int i = 0; i < Math.min(handles.size() + 1, names.size()); i++) {
            var _ = succeeds(requests.send(SftpConstants.SSH_FXP_REMOVE, names.get(i)));
        }
    }

    private boolean succeeds(int request) throws IOException {
        try {
            requests.awaitOk(request);
            return true;
        } catch (SftpException e) {
            return false;
        }
    }
}
