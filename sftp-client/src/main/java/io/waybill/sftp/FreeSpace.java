package io.waybill.sftp;

import java.io.IOException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatExtensionInfo;

/** Asks how much room a server's disk has. */
final class FreeSpace {
    static final String EXTENSION = "statvfs@openssh.com";

    private FreeSpace() {}

    /** Where there should be room. */
    interface Directory {
        byte[] encoded() throws IOException;
    }

    /** Whether there is known to be no room for so many bytes, or for another file. */
    static boolean lacks(long bytes, SftpRequests requests, Directory directory) {
        Buffer reply;
        try {
            reply = requests.awaitReply(requests.sendExtended(EXTENSION, directory.encoded()));
        } catch (IOException e) {
            // Asked only to explain a failure better; that failure stands without it.
            return false;
        }
        var space = OpenSSHStatExtensionInfo.decode(reply, new OpenSSHStatExtensionInfo());
        boolean noInodes = space.f_files > 0 && space.f_favail == 0;
        return noInodes || space.f_bavail * space.f_frsize < bytes;
    }
}
