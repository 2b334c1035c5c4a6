package io.waybill.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Tries out how many files a connection may have open, and what the server tells of them; leaves none behind. */
final class HandleTrial {
    private static final int NEW_FILE =
            SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_EXCL;

    private final SftpRequests requests;
    private final List<byte[]> names;
    private final List<byte[]> handles = new ArrayList<>();

    /**
     * @param names which nobody else has; as many files are tried
     */
    HandleTrial(SftpRequests requests, List<byte[]> names) {
        this.requests = requests;
        this.names = names;
    }

    /**
     * @param open    how many files were
     * @param refused whether another one was refused
     * @param told    what the server tells of an empty file by its name
     */
    record Result(int open, boolean refused, RemoteStat told) {}

    /**
     * Opens until a file is refused.
     *
     * @throws IOException if the connection broke; files may be left behind then
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
        // Also the one that was refused: it may have been made all the same.
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
