package io.waybill.worker.delivery;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.sftp.Capability;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteStat;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.partition.OwnershipProof;
import io.waybill.worker.upload.StagingNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The step of an execution that everybody sees: a whole file gets its final name. One thread.
 *
 * <p>Every way to do it takes the staging name away in the same request, so that a repeat finds nothing to publish. That is
 * why a taken name is refused with a plain rename and not with a hard link, which leaves two names behind: after a crash
 * between the link and the removal of the other name, a second link would publish again what a partner took. What a request
 * is refused with proves nothing: some servers say FAILURE for everything, and some refuse a name that is taken before they
 * look whether there is anything to rename. Only {@link RemoteFiles#stat} tells.
 *
 * <p>Replacing is one step where the intent says class A or B. If that step is refused, the attempt fails; it is not
 * replaced in another way, since the refusal may be a full disk or another file system. Where the intent says class C, the
 * plain rename comes first; only if it is refused, with the staging file and an {@link OlderFile} both there, is the older
 * one set aside, and the rename done again.
 *
 * <p>What holds there beside a former owner who takes the same steps, and whose last request may arrive late; he has one
 * under way at most, since each waits for the answer to the one before.
 * <ul>
 * <li>A late rename of the staging file, to whichever name, finds nothing once another has succeeded.
 * <li>A late setting aside finds no room once the intent was reported. Before that it may take the new file for the older
 * one, so that the name is free for a moment; then it is put back before anything is reported.
 * <li>Nothing is put back unless the staging file is withdrawn, or is what was set aside: the older file never follows the
 * newer one. A late putting back is refused while the name is taken.
 * </ul>
 *
 * <p>Refusing is one step where plain renames refuse a name that is taken; elsewhere the name is looked up before, which
 * leaves a gap.
 */
final class FinalRename {
    private final RemoteFiles files;
    private final Prepared intent;
    private final RemotePath staging;
    private final OlderFile older;
    private final OwnershipProof owner;

    /**
     * @param older what may be in the way
     * @param owner asked right before that is set aside
     */
    FinalRename(RemoteFiles files, Prepared intent, OlderFile older, OwnershipProof owner) {
        this.files = files;
        this.intent = intent;
        this.staging = intent.staging();
        this.older = older;
        this.owner = owner;
    }

    /** The names that the file may have got, if it was published; the likelier first. */
    List<RemotePath> finalNames() {
        if (intent.onConflict() != ConflictPolicy.KEEP_BOTH) {
            return List.of(target());
        }
        // The version before chose between the two when it published.
        return intent.given().map(List::of).orElseGet(() -> List.of(target(), keptBeside()));
    }

    private RemotePath target() {
        return intent.target().path();
    }

    private RemotePath keptBeside() {
        return StagingNames.keptBeside(target(), intent.id());
    }

    /**
     * Gives the staged file its final name, and returns it.
     *
     * @throws TransferException    of any kind, if that was refused; where the staging file is then, only a look tells
     * @throws OwnershipLostException if an older file was in the way and the work may be another worker's; it was not touched
     */
    RemotePath publish() throws TransferException, OwnershipLostException {
        return switch (intent.onConflict()) {
            case REPLACE -> replace(target());
            case REFUSE -> {
                if (!claim(target())) {
                    throw new TransferException(
                            FailureKind.NAME_CONFLICT,
                            "'" + target() + "' exists at the destination, and onConflict is refuse");
                }
                yield target();
            }
            case KEEP_BOTH -> keepBoth();
        };
    }

    private RemotePath keepBoth() throws TransferException, OwnershipLostException {
        Optional<RemotePath> given = intent.given();
        if (given.isEmpty()) {
            return claim(target()) ? target() : replace(keptBeside());
        }
        RemotePath name = given.get();
        if (!name.equals(target())) {
            // The file's id is in the name: what is there is of an older sending of the same file.
            return replace(name);
        }
        if (!claim(name)) {
            throw new TransferException(
                    FailureKind.REMOTE_ERROR,
                    "'" + name
                            + "' was free when it was chosen, and is taken now; the next attempt chooses another name");
        }
        return name;
    }

    private RemotePath replace(RemotePath name) throws TransferException, OwnershipLostException {
        if (intent.destinationClass() == DestinationClass.NON_ATOMIC) {
            replaceInSteps(name);
        } else {
            files.replace(staging, name);
        }
        return name;
    }

    private void replaceInSteps(RemotePath name) throws TransferException, OwnershipLostException {
        try {
            files.rename(staging, name);
            return;
        } catch (TransferException refusal) {
            if (!files.isOpen() || !isThere(staging) || !isFile(name)) {
                throw refusal;
            }
        }
        owner.prove();
        try {
            older.setAside(name);
        } catch (TransferException e) {
            throw files.isOpen()
                    ? new TransferException(
                            FailureKind.REMOTE_ERROR,
                            "an older file has the name '" + name + "', and cannot be set aside: " + e.getMessage(),
                            e)
                    : e;
        }
        files.rename(staging, name);
    }

    /** Takes the name if it is free; false if it is not. */
    private boolean claim(RemotePath name) throws TransferException {
        Set<Capability> can = files.capabilities();
        boolean plain = can.contains(Capability.RENAME) || !can.contains(Capability.REPLACE);
        if (!(plain && can.contains(Capability.RENAME_REFUSES)) && files.stat(name).isPresent()) {
            return false;
        }
        try {
            if (plain) {
                files.rename(staging, name);
            } else {
                files.replace(staging, name);
            }
            return true;
        } catch (TransferException refusal) {
            if (files.isOpen() && isThere(staging) && isThere(name)) {
                return false;
            }
            throw refusal;
        }
    }

    /** Makes a name outlive a crash of the server, where it offers that. */
    void syncDirectory(RemotePath name) throws TransferException {
        if (files.capabilities().contains(Capability.SYNC_DIRECTORY)) {
            files.syncDirectoryOf(name);
        }
    }

    /** A directory of the name is not replaced, as it is not in one step. */
    private boolean isFile(RemotePath path) throws TransferException {
        return files.lookUp(path).filter(stat -> stat.kind() != RemoteStat.Kind.DIRECTORY).isPresent();
    }

    private boolean isThere(RemotePath path) throws TransferException {
        return files.lookUp(path).isPresent();
    }
}
