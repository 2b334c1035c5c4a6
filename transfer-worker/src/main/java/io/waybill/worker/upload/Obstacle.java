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
 * Why a path was refused, where the server only says that it was. In a store "a" and "a/b" are two objects; at a destination
 * one name is a file or a directory, and has a length. Another attempt comes to the same. One thread.
 */
public final class Obstacle {
    private final RemoteFiles files;

    public Obstacle(RemoteFiles files) {
        this.files = files;
    }

    /**
     * Of a file that could not get its name.
     *
     * @return the refusal as it is, if nothing explains it
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
     * Of a file that could not be opened.
     *
     * @param target its final name
     * @return the refusal as it is, if nothing explains it
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
        // Some servers allow more, so this is said only once one has refused.
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
