package io.waybill.devstack.servers;

import io.waybill.devstack.servers.s3.DiskSpace;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpErrorStatusDataHandler;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemEnvironment;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;

/**
 * Gives plain access to the files below the root. But no client may make symbolic links, because a link that points
 * outside would lead the next request out of the root. And no client may begin a file when the disk is almost full.
 */
final class ConfinedFileAccess implements SftpFileSystemAccessor {
    /** The words of the kernel. */
    private static final String NO_SPACE = "No space left on device";

    private final DiskSpace space;

    ConfinedFileAccess(DiskSpace space) {
        this.space = space;
    }

    @Override
    public SeekableByteChannel openFile(
            SftpSubsystemProxy subsystem, FileHandle handle, Path file, String name, Set<? extends OpenOption> options,
            FileAttribute<?>... attributes) throws IOException {
        if (options.contains(StandardOpenOption.WRITE) && !space.takes(0)) {
            throw new FileSystemException(name, null, NO_SPACE);
        }
        return SftpFileSystemAccessor.super.openFile(subsystem, handle, file, name, options, attributes);
    }

    @Override
    public void createLink(SftpSubsystemProxy subsystem, Path link, Path existing, boolean symbolic)
            throws IOException {
        if (symbolic) {
            throw new AccessDeniedException(link.toString(), existing.toString(), "no symbolic links here");
        }
        SftpFileSystemAccessor.super.createLink(subsystem, link, existing, symbolic);
    }

    /** Says so when a disk is full; else clients read of a general failure, and try again. */
    static final class FullDisk implements SftpErrorStatusDataHandler {
        @Override
        public String resolveErrorMessage(
                SftpSubsystemEnvironment subsystem, int id, Throwable failure, int status, int command,
                Object... arguments) {
            return DiskSpace.isFull(failure)
                    ? NO_SPACE
                    : SftpErrorStatusDataHandler.super.resolveErrorMessage(
                            subsystem, id, failure, status, command, arguments);
        }
    }
}
