package io.waybill.devstack.servers;

import io.waybill.devstack.servers.s3.DiskSpace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The stack's directory on disk. A lock protects it while the stack runs.
 *
 * <p>The lock belongs to the process. It ends with the process, however that ends, and leaves nothing to clean up.
 */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "stack.lock";

    private final Path dir;
    private final DiskSpace space;
    private @Nullable FileChannel lock;

    DataDirectory(Path dir) {
        this(dir, new DiskSpace(dir));
    }

    /** The same, with a given eye on the disk. */
    DataDirectory(Path dir, DiskSpace space) {
        this.dir = dir.toAbsolutePath().normalize();
        this.space = space;
    }

    /**
     * Makes the directory if it does not exist, and takes its lock.
     *
     * @throws DataDirectoryException if it cannot be written, if its disk is full, or if another stack, here or in
     *                                another process, holds it
     */
    void open() {
        // First, because a full disk also makes the rest fail, and less clearly.
        String full = space.faultAtStart();
        if (!full.isEmpty()) {
            throw DataDirectoryException.full(dir, full);
        }
        try {
            boolean ours = !Files.exists(dir) || Files.exists(dir.resolve(LOCK));
            Files.createDirectories(dir);
            if (ours) {
                closeToOthers();
            }
            var channel = FileChannel.open(
                    dir.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw DataDirectoryException.inUse(dir);
            }
            lock = channel;
        } catch (IOException unusable) {
            throw DataDirectoryException.unusable(dir, unusable);
        }
    }

    /** The eye on the directory's disk. */
    DiskSpace space() {
        return space;
    }

    /**
     * It has keys and everybody's files in it. A directory that was there before is somebody else's to open or close,
     * for example the home of a user.
     */
    private void closeToOthers() {
        try {
            Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException | UnsupportedOperationException e) {
            // The file system has no such permissions, or the directory belongs to another user, who has decided.
        }
    }

    Path kafka() {
        return dir.resolve("kafka");
    }

    Path s3() {
        return dir.resolve("s3");
    }

    Path sftpRoot() {
        return dir.resolve("sftp").resolve("files");
    }

    Path sftpHostKey() {
        return dir.resolve("sftp").resolve("host_key");
    }

    Path sftpClientKey() {
        return dir.resolve("sftp").resolve("client_key");
    }

    Path registry() {
        return dir.resolve("registry");
    }

    @Override
    public void close() throws IOException {
        var held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldInThisJvm) {
            return false;
        }
    }
}
