package io.waybill.worker;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.RemotePath;
import java.util.List;

/**
 * The step of an execution that everybody sees: a whole file gets its final name. One thread.
 *
 * <p>Every way to do it takes the staging name away in the same request, so that a repeat finds nothing to publish. That is
 * why a taken name is refused with a plain rename and not with a hard link, which leaves two names behind: after a crash
 * between the link and the removal of the other name, a second link would publish again what a partner took.
 *
 * <p>Replacing is one step with {@link Capability#REPLACE}; without, the old file is removed and the new one renamed, and
 * between the two the name is free. Refusing is one step where plain renames refuse a name that is taken; that the name is
 * looked up before only narrows the gap elsewhere.
 */
final class Publisher {
    private final RemoteFiles files;
    private final FileId id;
    private final RemotePath target;
    private final ConflictPolicy onConflict;

    Publisher(RemoteFiles files, FileId id, RemotePath target, ConflictPolicy onConflict) {
        this.files = files;
        this.id = id;
        this.target = target;
        this.onConflict = onConflict;
    }

    /** The names that the file may have got, if it was published; the likelier first. */
    List<RemotePath> finalNames() {
        return onConflict == ConflictPolicy.KEEP_BOTH ? List.of(target, keptBeside()) : List.of(target);
    }

    private RemotePath keptBeside() {
        return StagingNames.keptBeside(target, id);
    }

    /**
     * Gives the staged file its final name, and returns it.
     *
     * @throws TransferException PATH_MISSING if there is no staging file of the name, or no directory of the final one;
     *                           after any other refusal the staging file is where it was; IN_DOUBT if that is not sure
     */
    RemotePath rename(RemotePath staging) throws TransferException {
        return switch (onConflict) {
            case REPLACE -> replace(staging, target);
            case REFUSE -> {
                if (!claim(staging)) {
                    throw taken();
                }
                yield target;
            }
            case KEEP_BOTH -> claim(staging) ? target : replace(staging, keptBeside());
        };
    }

    /** The name to write under for a server that cannot rename. */
    RemotePath directTarget() throws TransferException {
        return switch (onConflict) {
            case REPLACE -> target;
            case REFUSE -> {
                if (exists(target)) {
                    throw taken();
                }
                yield target;
            }
            case KEEP_BOTH -> exists(target) ? keptBeside() : target;
        };
    }

    /** Tells the partner that a file written under its final name is whole. */
    void finishDirect(RemotePath name) throws TransferException {
        try (RemoteFile done = files.write(StagingNames.doneFile(name), RemoteFiles.Existing.TRUNCATE)) {
            var _ = done.finish();
        }
        syncDirectory(name);
    }

    /** Makes a final name outlive a crash of the server, where it offers that. */
    void syncDirectory(RemotePath name) throws TransferException {
        if (files.capabilities().contains(Capability.SYNC_DIRECTORY)) {
            files.syncDirectoryOf(name);
        }
    }

    private TransferException taken() {
        return new TransferException(
                FailureKind.NAME_CONFLICT, "'" + target + "' exists at the destination, and onConflict is refuse");
    }

    private RemotePath replace(RemotePath staging, RemotePath name) throws TransferException {
        boolean offered = files.capabilities().contains(Capability.REPLACE);
        if (offered) {
            try {
                files.replace(staging, name);
                return name;
            } catch (TransferException e) {
                if (e.kind() != FailureKind.REMOTE_ERROR) {
                    throw e;
                }
            }
        }
        replaceInTwoSteps(staging, name);
        if (offered) {
            // Some servers offer it and always fail (Win32-OpenSSH does); the receipt must not call this atomic.
            files.disprove(Capability.REPLACE);
        }
        return name;
    }

    private void replaceInTwoSteps(RemotePath staging, RemotePath name) throws TransferException {
        try {
            files.rename(staging, name);
            return;
        } catch (TransferException e) {
            if (e.kind() != FailureKind.REMOTE_ERROR || e instanceof UnsupportedRequestException || !exists(name)) {
                throw e;
            }
        }
        var _ = files.remove(name);
        try {
            files.rename(staging, name);
        } catch (TransferException e) {
            if (e.kind() == FailureKind.PATH_MISSING) {
                // Somebody renamed the staging file between our two requests, so what was removed may have been it.
                throw new TransferException(
                        FailureKind.IN_DOUBT,
                        "the file that was removed to make room for '" + name + "' may have been it", e);
            }
            throw e;
        }
    }

    /** Takes the name if it is free; false if it is not. */
    private boolean claim(RemotePath staging) throws TransferException {
        if (!files.capabilities().contains(Capability.RENAME_REFUSES) && exists(target)) {
            return false;
        }
        try {
            files.rename(staging, target);
            return true;
        } catch (TransferException e) {
            if (e.kind() == FailureKind.REMOTE_ERROR
                    && files.isOpen()
                    && !(e instanceof UnsupportedRequestException)
                    && exists(target)) {
                return false;
            }
            throw e;
        }
    }

    private boolean exists(RemotePath path) throws TransferException {
        return files.stat(path).isPresent();
    }
}
