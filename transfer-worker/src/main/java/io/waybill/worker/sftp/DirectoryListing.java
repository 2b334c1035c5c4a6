package io.waybill.worker.sftp;

import io.waybill.worker.RemoteEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Reads directories, which may be of any size. */
final class DirectoryListing {
    private DirectoryListing() {}

    /** The first names that the server gives. */
    static List<RemoteEntry> read(SftpRequests requests, byte[] directory, int most) throws IOException {
        byte[] handle = requests.awaitHandle(requests.send(SftpConstants.SSH_FXP_OPENDIR, directory));
        var entries = new ArrayList<RemoteEntry>();
        try {
            while (entries.size() < most) {
                for (RemoteEntry entry : requests.awaitEntries(requests.send(SftpConstants.SSH_FXP_READDIR, handle))) {
                    if (entries.size() < most && !entry.name().equals(".") && !entry.name().equals("..")) {
                        entries.add(entry);
                    }
                }
            }
        } catch (SftpException e) {
            if (e.getStatus() != SftpConstants.SSH_FX_EOF) {
                throw e;
            }
        } finally {
            requests.awaitOk(requests.send(SftpConstants.SSH_FXP_CLOSE, handle));
        }
        return List.copyOf(entries);
    }
}
