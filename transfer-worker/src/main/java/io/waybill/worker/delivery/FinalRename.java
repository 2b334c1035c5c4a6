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
 * <p>Every way to do this removes the staging name in the same request, so that a repeated request finds nothing to
 * publish. Therefore {@code refuse} uses a plain rename and not a hard link. A hard link leaves two names behind: if a
 * crash comes between the link and the removal of the other name, a second link would publish a file again that a partner
 * already took. A refusal proves nothing. Some servers answer FAILURE to everything, and some refuse a name that is taken
 * before they check whether there is a file to rename. Only {@link RemoteFiles#stat} shows the state.
 *
 * <p>If the intent says class A or B, replacing is one step. If the server refuses that step, the attempt fails. The worker
 * does not replace the file in another way, because the reason may be a full disk or another file system. If the intent
 * says class C, the plain rename comes first. Only if it is refused, and both the staging file and an {@link OlderFile}
 * exist, does the worker set the older file aside and repeat the rename.
 *
 * <p>A former owner may take the same steps, and its last request may arrive late. It has at most one request under way,
 * because it waits for the answer to each. Then the following holds:
 * <ul>
 * <li>A late rename of the staging file, to whichever name, finds nothing after another rename has succeeded.
 * <li>A late request that sets a file aside finds no room after the intent was reported. Before that, it may set the new
 *     file aside instead of the older one, so that the name is free for a moment. Then the worker puts the new file back
 *     before it reports anything.
 * <li>A file is put back only if the staging file is withdrawn, or if the new file itself was set aside: the older file
 *     never follows the newer one. A late request to put a file back is refused while the name is taken.
 * </ul>
 *
 * <p>Refusing is one step if the server's plain rename refuses a name that is taken. Otherwise the worker looks the name up
 * before it renames, which leaves a gap.
 */
final class FinalRename {
    private final RemoteFiles files;
    private final Prepared intent;
    private final RemotePath staging;
    private final OlderFile older;
    private final OwnershipProof owner;

    /**
     * @param older the file that may have the final name
     * @param owner called right before that file is set aside
     */
    FinalRename(RemoteFiles files, Prepared intent, OlderFile older, OwnershipProof owner) {
        this.files = files;
        this.intent = intent;
        this.staging = intent.staging();
        this.older = older;
        this.owner = owner;
    }

    /** The names that the file may have got if it was published; the more likely name first. */
    List<RemotePath> finalNames() {
        if (intent.onConflict() != ConflictPolicy.KEEP_BOTH) {
            return List.of(target());
        }
        // The version before chose one of the two names when it published.
        return intent.given().map(List::of).orElseGet(() -> List.of(target(), keptBeside()));
    }

    private RemotePath target() {
        return intent.target().path();
    }

    private RemotePath keptBeside() {
        return StagingNames.keptBeside(target(), intent.id());
    }

    /**
     * Gives the staged file its final name and returns that name.
     *
     * @throws TransferException      of any kind, if the server refused; then only a look shows where the staging file is
     * @throws OwnershipLostException if an older file has the name and the work may belong to another worker; the older
     *                                file is untouched
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
            // The file's id is in the name. So the existing file is from an older sending of the same file.
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

    /** Takes the name if it is free; returns false if it is not. */
    private boolean claim(RemotePath name) throws TransferException {
        Set<Capability> can = files.capabilities(staging);
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

    /** Makes a name survive a crash of the server, if the server offers that. */
    void syncDirectory(RemotePath name) throws TransferException {
        if (files.capabilities().contains(Capability.SYNC_DIRECTORY)) {
            files.syncDirectoryOf(name);
        }
    }

    /** Whether a file has the name. A directory is never replaced, just as it is not with a replace in one step. */
    private boolean isFile(RemotePath path) throws TransferException {
        return files.lookUp(path).filter(stat -> stat.kind() != RemoteStat.Kind.DIRECTORY).isPresent();
    }

    private boolean isThere(RemotePath path) throws TransferException {
        return files.lookUp(path).isPresent();
    }
}
