package io.waybill.worker;

import io.waybill.domain.FailureKind;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;

/**
 * The step of an attempt that everybody sees: a whole file gets its final name. One thread.
 *
 * <p>How much of one step it is depends on the server. Replacing is atomic with {@link Capability#REPLACE}; without, the
 * old file is removed and the new one renamed, and between the two the name is free. Refusing is safe with
 * {@link Capability#LINK}; without, the name is looked up before the rename, which most servers refuse themselves if
 * somebody took it meanwhile.
 */
final class Publisher {
    private final TransferWork work;
    private final RemoteFiles files;

    Publisher(TransferWork work, RemoteFiles files) {
        this.work = work;
        this.files = files;
    }

    /** Gives the file its final name, and returns it. After a failure the staging file is where it was. */
    RemotePath publish(Staged staged) throws TransferException {
        RemotePath published = staged.direct() ? finishDirect(staged) : rename(staged.name());
        if (files.capabilities().contains(Capability.SYNC_DIRECTORY)) {
            files.syncDirectoryOf(published);
        }
        return published;
    }

    private RemotePath finishDirect(Staged staged) throws TransferException {
        try (RemoteFile done = files.write(StagingNames.doneFile(staged.name()), RemoteFiles.Existing.TRUNCATE)) {
            var _ = done.finish();
        }
        return staged.name();
    }

    private RemotePath rename(RemotePath staging) throws TransferException {
        RemotePath target = work.target().path();
        return switch (work.onConflict()) {
            case REPLACE -> replace(staging, target);
            case REFUSE -> {
                if (!claim(staging, target)) {
                    throw taken(target);
                }
                yield target;
            }
            case KEEP_BOTH -> claim(staging, target) ? target : replace(staging, StagingNames.keptBeside(work));
        };
    }

    /** The name to write under for a server that cannot rename. */
    RemotePath directTarget() throws TransferException {
        RemotePath target = work.target().path();
        return switch (work.onConflict()) {
            case REPLACE -> target;
            case REFUSE -> {
                if (exists(target)) {
                    throw taken(target);
                }
                yield target;
            }
            case KEEP_BOTH -> exists(target) ? StagingNames.keptBeside(work) : target;
        };
    }

    private static TransferException taken(RemotePath target) {
        return new TransferException(
                FailureKind.NAME_CONFLICT, "'" + target + "' exists at the destination, and onConflict is refuse");
    }

    private RemotePath replace(RemotePath staging, RemotePath target) throws TransferException {
        boolean offered = files.capabilities().contains(Capability.REPLACE);
        if (offered) {
            try {
                files.replace(staging, target);
                return target;
            } catch (TransferException e) {
                if (e.kind() != FailureKind.REMOTE_ERROR) {
                    throw e;
                }
            }
        }
        replaceInTwoSteps(staging, target);
        if (offered) {
            // Some servers offer it and always fail (Win32-OpenSSH does); the receipt must not call this atomic.
            files.disprove(Capability.REPLACE);
        }
        return target;
    }

    private void replaceInTwoSteps(RemotePath staging, RemotePath target) throws TransferException {
        try {
            files.rename(staging, target);
        } catch (TransferException e) {
            if (e.kind() != FailureKind.REMOTE_ERROR || e instanceof UnsupportedRequestException || !exists(target)) {
                throw e;
            }
            files.remove(target);
            files.rename(staging, target);
        }
    }

    /** Takes the name if it is free; false if it is not. */
    private boolean claim(RemotePath staging, RemotePath target) throws TransferException {
        if (files.capabilities().contains(Capability.LINK)) {
            try {
                files.link(staging, target);
                removeSecondName(staging);
                return true;
            } catch (TransferException e) {
                if (!files.isOpen()) {
                    throw e;
                }
                // Taken, or a file system without links; the other way finds out which.
            }
        }
        if (exists(target)) {
            return false;
        }
        try {
            files.rename(staging, target);
            return true;
        } catch (TransferException e) {
            if (files.isOpen() && !(e instanceof UnsupportedRequestException) && exists(target)) {
                return false;
            }
            throw e;
        }
    }

    private void removeSecondName(RemotePath staging) throws TransferException {
        try {
            files.remove(staging);
        } catch (TransferException e) {
            // The file has its final name; a name in the staging directory more is for the janitor.
            if (!files.isOpen()) {
                throw e;
            }
        }
    }

    private boolean exists(RemotePath path) throws TransferException {
        return files.stat(path).isPresent();
    }
}
