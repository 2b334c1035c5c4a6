package io.waybill.worker.sftp;

import java.io.IOException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatExtensionInfo;

/** Asks how much room a server's disk has. */
final class FreeSpace {
    static final String EXTENSION = "statvfs@openssh.com";

    private FreeSpace() {}

    /** Whether there is no room for so many bytes, or for another file. */
    static boolean lacks(long bytes, SftpRequests requests, byte[] directory) throws IOException {
        Buffer reply = requests.awaitReply(requests.sendExtended(EXTENSION, directory));
        var space = OpenSSHStatExtensionInfo.decode(reply, new OpenSSHStatExtensionInfo());
        boolean noInodes = space.f_files > 0 && space.f_favail == 0;
        return noInodes || space.f_bavail * space.f_frsize < bytes;
    }
}
