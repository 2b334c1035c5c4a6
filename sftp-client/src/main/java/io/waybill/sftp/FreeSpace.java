package io.waybill.sftp;

import java.io.IOException;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatExtensionInfo;

/** Asks a server how much free space its disk has. */
final class FreeSpace {
    static final String EXTENSION = "statvfs@openssh.com";

    private FreeSpace() {}

    /** The directory that needs the space. */
    interface Directory {
        byte[] encoded() throws IOException;
    }

    /** Whether the server says that there is no room for this many bytes, or for another file. */
    static boolean lacks(long bytes, SftpRequests requests, Directory directory) {
        OpenSSHStatExtensionInfo space;
        try {
            space = requests.awaitReply(
                    requests.sendExtended(EXTENSION, directory.encoded()),
                    reply -> OpenSSHStatExtensionInfo.decode(reply, new OpenSSHStatExtensionInfo()));
        } catch (IOException e) {
            // The question only serves to explain a failure better. That failure stands without it.
            return false;
        }
        boolean noInodes = space.f_files > 0 && space.f_favail == 0;
        return noInodes || space.f_bavail * space.f_frsize < bytes;
    }
}
