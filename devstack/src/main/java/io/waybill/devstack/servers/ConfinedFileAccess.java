package io.waybill.devstack.servers;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;

/**
 * Gives plain access to the files below the root. But no client may make symbolic links, because a link that points
 * outside would lead the next request out of the root.
 */
final class ConfinedFileAccess implements SftpFileSystemAccessor {
    @Override
    public void createLink(SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic)
            throws IOException {
        if (symbolic) {
            throw new AccessDeniedException(link.toString(), existing.toString(), "no symbolic links here");
        }
        SftpFileSystemAccessor.super.createLink(subsystem, link, existing, symbolic);
    }
}
