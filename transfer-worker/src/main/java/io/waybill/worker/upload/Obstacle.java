package io.waybill.worker.upload;

import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles;
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
        if (kindOf(name) == Kind.DIRECTORY) {
            return new Failure(
                    FailureKind.NAME_CONFLICT,
                    "'" + name + "' is a directory at the destination, and no file takes its place: "
                            + refusal.detail());
        }
        return explainLength(name, refusal);
    }

    /**
     * Explains why a file could not be opened.
     *
     * @param target the final name of the file
     * @return the refusal itself, if nothing explains it
     */
    Failure explainOpening(RemotePath target, Failure refusal) throws TransferException {
        if (refusal.kind() != FailureKind.PATH_MISSING && refusal.kind() != FailureKind.REMOTE_ERROR) {
            return refusal;
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
        return explain(target, refusal);
    }

    private static Failure explainLength(RemotePath path, Failure refusal) {
        // Some servers allow longer names, so this applies only after a refusal.
        return refusal.kind() == FailureKind.REMOTE_ERROR && StagingNames.isLong(path)
                ? new Failure(
                        FailureKind.BAD_NAME,
                        "a part of the path has more than 255 bytes, which is too long for most servers: "
                                + refusal.detail())
                : refusal;
    }

    private Kind kindOf(RemotePath path) throws TransferException {
        return files.lookUp(path).map(RemoteStat::kind).orElse(Kind.UNTOLD);
    }
}
