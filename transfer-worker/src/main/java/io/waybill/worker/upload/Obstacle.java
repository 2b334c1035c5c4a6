package io.waybill.worker.upload;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.sftp.RemoteStat;
import io.waybill.sftp.RemoteStat.Kind;
import java.util.Optional;

/**
 * Finds out why the server refused a path, if the server gives no reason. In a store "a" and "a/b" can be two objects. At a
 * destination a name is either a file or a directory, and its length is limited. Another attempt would fail for the same
 * reason. One thread.
 */
public final class Obstacle {
    private final RemoteFiles files;

    public Obstacle(RemoteFiles files) {
        this.files = files;
    }

    /**
     * Explains why a file could not get its name.
     *
     * @return the refusal itself, if nothing explains it
     */
    public Failure explain(RemotePath name, Failure refusal) throws TransferException {
        return explain(name, name, refusal);
    }

    private Failure explain(RemotePath used, RemotePath target, Failure refusal) throws TransferException {
        if (kindOf(target) == Kind.DIRECTORY) {
            return new Failure(
                    FailureKind.NAME_CONFLICT,
                    "'" + target + "' is a directory at the destination, and no file takes its place: "
                            + refusal.detail());
        }
        return explainLength(used, refusal);
    }

    /**
     * Refuses a name that the server finds too long, before anything is sent. Only such a name is looked up.
     *
     * @throws TransferException BAD_NAME; or any kind, if the connection breaks
     */
    public void refuseLong(RemotePath name) throws TransferException {
        if (!StagingNames.isLong(name)) {
            return;
        }
        try {
            var _ = files.statLink(name);
        } catch (TransferException e) {
            Failure explained = explainLength(name, e.failure());
            if (!files.isOpen() || !explained.equals(e.failure())) {
                throw new TransferException(explained.kind(), explained.detail(), e);
            }
        }
    }

    /**
     * Makes an empty file whose name has as many bytes as this one, and removes it.
     *
     * @param beside a name of this execution, in whose directory the file is made
     * @return false if that shows nothing, because no file can be made there at all
     * @throws TransferException BAD_NAME if the server takes a shorter name and not this one; or any kind, if the connection
     *                           breaks
     */
    boolean triedLength(RemotePath name, RemotePath beside) throws TransferException {
        Optional<RemotePath> probe = StagingNames.probe(beside, StagingNames.bytes(name.name()));
        if (probe.isEmpty()) {
            return true;
        }
        Optional<Failure> refusal = making(probe.get());
        if (refusal.isPresent() && making(StagingNames.probe(beside, 0).orElseThrow()).isPresent()) {
            return false;
        }
        if (refusal.isPresent()) {
            Failure explained = tooLong(refusal.get());
            throw new TransferException(explained.kind(), explained.detail());
        }
        return true;
    }

    private Optional<Failure> making(RemotePath file) throws TransferException {
        try {
            files.write(file, Existing.TRUNCATE).close();
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            return Optional.of(e.failure());
        }
        try {
            var _ = files.remove(file);
        } catch (TransferException e) {
            // A drop box keeps it; the cleaner knows its name.
            if (!files.isOpen()) {
                throw e;
            }
        }
        return Optional.empty();
    }

    /** Refuses a final name that a directory has. The server would refuse it only after the whole file was sent. */
    public static void refuseDirectory(RemotePath name, Optional<RemoteStat> there) throws TransferException {
        if (there.filter(stat -> stat.kind() == Kind.DIRECTORY).isPresent()) {
            throw new TransferException(
                    FailureKind.NAME_CONFLICT,
                    "'" + name + "' is a directory at the destination, and no file takes its place, so nothing is sent;"
                            + " have it moved, or give the route another path");
        }
    }

    /**
     * Explains why a file could not be opened.
     *
     * @param name   the name under which it was opened
     * @param target the final name of the file
     * @return the refusal itself, if nothing explains it
     */
    Failure explainOpening(RemotePath name, RemotePath target, Failure refusal) throws TransferException {
        // There are servers that call a file on the way forbidden.
        if (refusal.kind() != FailureKind.PATH_MISSING && refusal.kind() != FailureKind.REMOTE_ERROR
                && refusal.kind() != FailureKind.FORBIDDEN) {
            return refusal;
        }
        Optional<RemotePath> room = StagingNames.directory(name).filter(
                own -> !own.value().equals(target.directory()));
        if (room.isPresent() && kindOf(room.get()) == Kind.FILE) {
            return new Failure(
                    FailureKind.NAME_CONFLICT,
                    "'" + room.get()
                            + "' is a file at the destination, and Waybill keeps files that are not whole yet in"
                            + " a directory of that name; have it removed, or set the destination's staging: "
                            + refusal.detail());
        }
        Optional<RemotePath> directory = StagingNames.directory(target);
        while (directory.isPresent()) {
            Kind kind = kindOf(directory.get());
            if (kind == Kind.FILE) {
                return new Failure(
                        FailureKind.NAME_CONFLICT,
                        "'" + directory.get() + "' is a file at the destination, and '" + target
                                + "' needs a directory of that name: " + refusal.detail());
            }
            directory = kind == Kind.DIRECTORY ? Optional.empty() : StagingNames.directory(directory.get());
        }
        return explain(name, target, refusal);
    }

    private static Failure explainLength(RemotePath path, Failure refusal) {
        // Some servers allow longer names, so this applies only after a refusal.
        boolean missing = refusal.kind() == FailureKind.PATH_MISSING
                && StagingNames.directory(path).filter(StagingNames::isLong).isPresent();
        return missing || refusal.kind() == FailureKind.REMOTE_ERROR && StagingNames.isLong(path)
                ? tooLong(refusal)
                : refusal;
    }

    private static Failure tooLong(Failure refusal) {
        return new Failure(
                FailureKind.BAD_NAME,
                "a part of the path has more than 255 bytes, which is too long for most servers: " + refusal.detail());
    }

    private Kind kindOf(RemotePath path) throws TransferException {
        return files.lookUp(path).map(RemoteStat::kind).orElse(Kind.UNTOLD);
    }
}
