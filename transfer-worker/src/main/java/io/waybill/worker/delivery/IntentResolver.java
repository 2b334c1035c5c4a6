package io.waybill.worker.delivery;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.sftp.Capability;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteStat;
import io.waybill.sftp.UnsupportedRequestException;
import io.waybill.worker.connections.Endpoint;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.partition.OwnershipProof;
import io.waybill.worker.upload.Obstacle;
import io.waybill.worker.upload.StagingNames;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a prepared file, or finds out what happened to it. Both are the same steps, because each step may be repeated,
 * and may be taken while a former owner takes it too. {@code docs/exactly-once.md} numbers the steps, and calls this
 * settling. One connection, one thread.
 *
 * <p>A file counts as delivered if somebody renamed its staging name to the final one. The answer to the rename shows that.
 * Afterwards the following shows it: the staging file is gone, it was not withdrawn, and either the server reports a file
 * with its size and its modification time under the final name, or the evidence holds. A file of the same size whose time
 * the server does not report shows nothing, because another file may have that size. Then the evidence decides.
 */
final class IntentResolver {
    private static final Logger LOG = LoggerFactory.getLogger(IntentResolver.class);

    private final Prepared intent;
    private final DestinationConfig destination;
    private final RemoteFiles files;
    private final InstantSource time;
    private final Situation situation;
    private final OlderFile older;
    private final FinalRename finalRename;
    private final Instant began;

    /**
     * @param situation what is known about the staging file
     * @param owner     proves that the intent still belongs to this worker
     */
    IntentResolver(
            Prepared intent,
            DestinationConfig destination,
            RemoteFiles files,
            InstantSource time,
            Situation situation,
            OwnershipProof owner) {
        this.intent = intent;
        this.destination = destination;
        this.files = files;
        this.time = time;
        this.situation = situation;
        this.older = new OlderFile(files, intent);
        this.finalRename = new FinalRename(files, intent, older, owner);
        this.began = time.instant();
    }

    /** What is known when resolving begins. */
    enum Situation {
        /**
         * The execution that publishes now has staged and proven the file over this connection. The file is as it was seen.
         */
        FRESH,
        /** The same, and there is a room into which an older file can be set aside. */
        FRESH_WITH_ROOM,
        /** Some execution staged the file over some connection, and may have published it already. */
        FOUND
    }

    /** Delivered, NotDelivered, SentAgain or Undecided. */
    Outcome resolve() {
        if (!intent.endpoint().equals(Endpoint.of(destination))) {
            return inDoubt("it was prepared at " + intent.endpoint() + ", and the destination is "
                    + Endpoint.of(destination) + " now");
        }
        try {
            return situation == Situation.FOUND ? lookFirst() : publishOrWithdraw();
        } catch (TransferException e) {
            return new Outcome.Undecided(intent, e.failure());
        } catch (OwnershipLostException e) {
            // The new owner resolves it.
            return new Outcome.Undecided(intent,
                    new Failure(FailureKind.CONNECTION_LOST, String.valueOf(e.getMessage())));
        }
    }

    /** A crash of the server may have cut off bytes that were not synced. */
    private Outcome lookFirst() throws TransferException, OwnershipLostException {
        Optional<RemoteStat> staged;
        try {
            staged = files.stat(intent.staging());
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            // If the server does not let names be looked up, the rename must show it.
            return publishOrWithdraw();
        }
        if (staged.isEmpty()) {
            return lookAround("somebody else did");
        }
        OptionalLong size = staged.get().size();
        if (size.isPresent() && size.getAsLong() < intent.bytes()) {
            return withdraw(
                    new Failure(
                            FailureKind.VERIFICATION,
                            "'" + intent.staging() + "' had " + intent.bytes() + " bytes when it was staged, and has "
                                    + size.getAsLong() + " now"),
                    0);
        }
        return publishOrWithdraw();
    }

    private Outcome publishOrWithdraw() throws TransferException, OwnershipLostException {
        try {
            return delivered(finalRename.publish());
        } catch (TransferException refusal) {
            if (!files.isOpen()) {
                throw refusal;
            }
            return withdraw(new Obstacle(files).explain(finalRename.finalNames().getFirst(), refusal.failure()),
                    onDisk());
        }
    }

    private RemotePath withdrawn() {
        return StagingNames.withdrawn(intent.staging());
    }

    /** How many bytes of the staging file survive a crash of the server. */
    private long onDisk() throws TransferException {
        // An earlier process may have staged the file, and found out that this server offers to sync and does not.
        files.tryOut(intent.staging());
        return files.capabilities().contains(Capability.SYNC) ? intent.bytes() : 0;
    }

    /**
     * Makes sure that nobody can publish the file any more, unless somebody already has.
     *
     * @param safeBytes how many of its bytes a later execution may resume from
     */
    private Outcome withdraw(Failure reason, long safeBytes) throws TransferException {
        try {
            files.move(intent.staging(), withdrawn());
        } catch (TransferException e) {
            if (isGone(e)) {
                return lookAround(reason.detail());
            }
            boolean lacking =
                    e instanceof UnsupportedRequestException
                            && !files.capabilities(intent.staging()).contains(Capability.REPLACE);
            if (lacking || files.isOpen() && files.renamesNothing(intent.staging())) {
                return neverPublished(reason);
            }
            throw files.isOpen()
                    ? new TransferException(
                            e.kind(), reason.detail() + "; nor can it be withdrawn: " + e.getMessage(), e)
                    : e;
        }
        return notDelivered(reason, safeBytes);
    }

    /**
     * If the server renames nothing, nobody can have published the file, and no late request will. The staging file is
     * removed only after the failure is committed. Until then it shows the next owner that the file was not published, so
     * that this owner comes to the same result.
     */
    private Outcome neverPublished(Failure reason) {
        // The next attempt does not rename, so this refusal does not concern it.
        FailureKind kind = reason.kind() == FailureKind.FORBIDDEN ? FailureKind.REMOTE_ERROR : reason.kind();
        var failure = new Failure(
                kind,
                "'" + intent.staging() + "' was not published, since the server renames nothing in "
                        + intent.staging().directory() + ": " + reason.detail());
        return new Outcome.NotDelivered(failure, Optional.of(mark(intent.staging(), 0)));
    }

    /** Only a look shows it. If the server forbids looking, a refusal that says PATH_MISSING is believed. */
    private boolean isGone(TransferException refusal) throws TransferException {
        if (!files.isOpen()) {
            return false;
        }
        try {
            return files.stat(intent.staging()).isEmpty();
        } catch (TransferException e) {
            if (files.isOpen()) {
                return refusal.kind() == FailureKind.PATH_MISSING;
            }
            throw e;
        }
    }

    /**
     * Somebody renamed the staging file. Finds out under which name it is.
     *
     * @param refusal why this worker could not publish it
     */
    private Outcome lookAround(String refusal) throws TransferException {
        Optional<RemoteStat> taken;
        try {
            taken = files.stat(withdrawn());
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            return inDoubt("the server does not let names be looked at: " + e.failure().detail());
        }
        if (taken.isPresent()) {
            return notDelivered(
                    new Failure(
                            FailureKind.REMOTE_ERROR, "the file could not be published, and was withdrawn: " + refusal),
                    onDisk());
        }
        try {
            for (RemotePath name : finalRename.finalNames()) {
                if (files.lookUp(name).filter(stat -> stat.tells(intent.bytes(), intent.modified())).isPresent()) {
                    return delivered(name);
                }
            }
        } catch (TransferException e) {
            if (e.kind() == FailureKind.BAD_NAME) {
                return inDoubt("an earlier version may have given it another name: " + e.failure().detail());
            }
            throw e;
        }
        return nowhere();
    }

    /**
     * The file has none of these names. Either a late request set it aside, or the partner took it, if nothing else can
     * have removed it.
     */
    private Outcome nowhere() throws TransferException {
        RemotePath name = finalRename.finalNames().getLast();
        OlderFile.Found found = setsAside() ? older.find(name, false) : OlderFile.Found.NOTHING;
        return switch (found) {
            case NEWER_PUT_BACK -> delivered(name);
            case UNCERTAIN -> uncertain();
            case NOTHING, OLDER -> taken(finalRename.finalNames().getFirst());
        };
    }

    private Outcome uncertain() {
        return inDoubt("what was set aside as '" + older.aside() + "' may be it");
    }

    /** Whether an older file may have been set aside for this one. */
    private boolean setsAside() {
        return intent.destinationClass() == DestinationClass.NON_ATOMIC
                && intent.onConflict() != ConflictPolicy.REFUSE
                && situation != Situation.FRESH;
    }

    private Outcome taken(RemotePath name) throws TransferException {
        if (situation != Situation.FOUND) {
            // This execution has just staged the file, and was refused when it renamed it. So it knows that no worker
            // renamed it.
            return inDoubt(
                    "its staging file '" + intent.staging() + "' was gone before it could be renamed; if a program"
                            + " there takes such files, the destination needs another staging");
        }
        Duration age = Duration.between(intent.at(), time.instant());
        if (age.negated().compareTo(destination.evidenceWindow()) > 0) {
            // Somebody set a clock, so nobody knows how old the intent is.
            return inDoubt("it was prepared at " + intent.at() + ", which by this machine's clock is " + age.negated()
                    + " ahead, more than the destination's evidenceWindow of " + destination.evidenceWindow());
        }
        if (age.compareTo(destination.evidenceWindow()) > 0) {
            return inDoubt("it was prepared " + age + " ago, which is longer than the destination's evidenceWindow of "
                    + destination.evidenceWindow());
        }
        if (!files.hostKey().equals(intent.hostKey())) {
            return inDoubt("the server shows the host key " + files.hostKey() + ", the one it was prepared at showed "
                    + intent.hostKey());
        }
        // A directory that cannot be looked up counts as absent.
        Optional<RemotePath> directory = StagingNames.directory(intent.staging());
        if (directory.isPresent() && files.lookUp(directory.get()).isEmpty()) {
            return inDoubt(
                    "the staging directory " + intent.staging().directory() + " is gone, or cannot be looked at");
        }
        if (files.renamesNothing(intent.staging())) {
            return inDoubt("its staging file '" + intent.staging()
                    + "' is gone, and the server renames nothing there, so nobody can have published it");
        }
        LOG.atInfo()
                .addKeyValue("fileId", intent.id())
                .addKeyValue("destination", intent.target().destination())
                .addKeyValue("attempt", intent.attempt())
                .log("A published file is gone; by the evidence the partner took it");
        return delivered(name);
    }

    private Outcome delivered(RemotePath name) throws TransferException {
        OlderFile.Found found = OlderFile.Found.NOTHING;
        if (setsAside()) {
            // An execution that has just set a file aside and published the new one knows which is which.
            found = older.find(name, situation == Situation.FRESH_WITH_ROOM);
        }
        finalRename.syncDirectory(name);
        return switch (found) {
            case NOTHING, NEWER_PUT_BACK -> new Outcome.Delivered(receipt(name, intent.proof()));
            case OLDER ->
                new Outcome.Delivered(receipt(name, intent.proof()), Optional.of(mark(older.aside(), 0)));
            case UNCERTAIN -> uncertain();
        };
    }

    private Receipt receipt(RemotePath name, Proof proof) {
        Duration taken = intent.took().plus(Duration.between(began, time.instant()));
        return new Receipt(
                name,
                intent.bytes(),
                intent.sha256(),
                proof,
                promised(name),
                taken.isNegative() ? Duration.ZERO : taken);
    }

    /** If the server was found not to sync while the file was published, the class in the receipt is lower. */
    private DestinationClass promised(RemotePath name) {
        Set<Capability> kept = files.capabilities(name);
        boolean durable = kept.contains(Capability.SYNC) && kept.contains(Capability.SYNC_DIRECTORY);
        return intent.destinationClass() == DestinationClass.ATOMIC_DURABLE && !durable
                ? DestinationClass.ATOMIC
                : intent.destinationClass();
    }

    /** The staging file has the withdrawn name, so the file that was set aside for it can get its name back. */
    private Outcome notDelivered(Failure failure, long safeBytes) throws TransferException {
        if (setsAside()) {
            RemotePath name = finalRename.finalNames().getLast();
            if (older.find(name, true) == OlderFile.Found.OLDER && older.putBack(name)) {
                finalRename.syncDirectory(name);
            }
        }
        // After the failure is reported, a crash of the server must not bring the staging name back.
        finalRename.syncDirectory(withdrawn());
        return new Outcome.NotDelivered(failure, Optional.of(mark(withdrawn(), safeBytes)));
    }

    private Staging mark(RemotePath name, long safeBytes) {
        return new Staging(
                intent.id(),
                intent.attempt(),
                intent.target(),
                intent.lane(),
                name,
                safeBytes,
                intent.endpoint(),
                intent.at());
    }

    private Outcome inDoubt(String reason) {
        String detail = "whether '" + intent.target().path() + "' was delivered cannot be decided: " + reason;
        return switch (destination.onUnknownOutcome()) {
            case HOLD -> new Outcome.NotDelivered(new Failure(FailureKind.IN_DOUBT, detail));
            case ASSUME_DELIVERED ->
                new Outcome.Delivered(receipt(finalRename.finalNames().getFirst(), Proof.NONE));
            case RESEND -> new Outcome.SentAgain(new Failure(
                    FailureKind.IN_DOUBT, detail + "; it is sent again, as onUnknownOutcome says"));
        };
    }
}
