package io.waybill.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Reads directories of any size. */
final class DirectoryListing {
    /** A list without names means nothing. A server that sends such lists for ever must not block a lane. */
    private static final int MOST_EMPTY = 100;

    private DirectoryListing() {}

    /** Returns the first names that the server sends, at most {@code most}. */
    static List<RemoteEntry> read(SftpRequests requests, byte[] directory, int most) throws IOException {
        byte[] handle = requests.awaitHandle(requests.send(SftpConstants.SSH_FXP_OPENDIR, directory));
        var entries = new ArrayList<RemoteEntry>();
        try {
            for (int empty = 0; entries.size() < most && empty < MOST_EMPTY;) {
                int before = entries.size();
                for (RemoteEntry entry : requests.awaitEntries(requests.send(SftpConstants.SSH_FXP_READDIR, handle))) {
                    if (entries.size() < most && !entry.name().equals(".") && !entry.name().equals("..")) {
                        entries.add(entry);
                    }
                }
                empty = entries.size() == before ? empty + 1 : 0;
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
