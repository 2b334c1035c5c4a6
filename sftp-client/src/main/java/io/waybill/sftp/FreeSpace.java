package io.waybill.sftp;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatExtensionInfo;
import org.apache.sshd.sftp.common.SftpException;

/** Asks a server how much free space its disk has, and which disk it is. */
final class FreeSpace {
    static final String EXTENSION = "statvfs@openssh.com";

    private FreeSpace() {}

    /** The directory that needs the space. */
    interface Directory {
        byte[] encoded() throws IOException;
    }

    /** Whether two directories are on different file systems; empty if the server does not say. */
    static Optional<Boolean> apart(SftpRequests requests, byte[] one, byte[] other) throws IOException {
        int ofOne = requests.sendExtended(EXTENSION, one);
        int ofOther = requests.sendExtended(EXTENSION, other);
        OptionalLong first = fileSystem(requests, ofOne);
        OptionalLong second = fileSystem(requests, ofOther);
        return first.isPresent() && second.isPresent()
                ? Optional.of(first.getAsLong() != second.getAsLong())
                : Optional.empty();
    }

    private static OptionalLong fileSystem(SftpRequests requests, int request) throws IOException {
        try {
            long id = requests.awaitReply(request, FreeSpace::decoded).f_fsid;
            // A file system without a number of its own reports 0.
            return id == 0 ? OptionalLong.empty() : OptionalLong.of(id);
        } catch (SftpException e) {
            // The server refused, or the answer ends too early.
            return OptionalLong.empty();
        }
    }

    /** Whether the server says that there is no room for this many bytes, or for another file. */
    static boolean lacks(long bytes, SftpRequests requests, Directory directory) {
        OpenSSHStatExtensionInfo space;
        try {
            space = requests.awaitReply(requests.sendExtended(EXTENSION, directory.encoded()), FreeSpace::decoded);
        } catch (IOException e) {
            // The question only serves to explain a failure better. That failure stands without it.
            return false;
        }
        boolean noInodes = space.f_files > 0 && space.f_favail == 0;
        return noInodes || isLess(space.f_bavail, space.f_frsize, bytes);
    }

    /** Whether blocks of this size have fewer bytes. Both numbers are unsigned, and a server may send any. */
    private static boolean isLess(long blocks, long size, long bytes) {
        return Math.unsignedMultiplyHigh(blocks, size) == 0 && Long.compareUnsigned(blocks * size, bytes) < 0;
    }

    private static OpenSSHStatExtensionInfo decoded(Buffer reply) {
        return OpenSSHStatExtensionInfo.decode(reply, new OpenSSHStatExtensionInfo());
    }
}
