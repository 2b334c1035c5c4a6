package io.waybill.worker;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Proof;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.runtime.config.DestinationConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what was prepared, or finds out what became of it: the same steps, since each of them may be repeated, and may
 * be taken beside a worker of the past that takes them as well. {@code docs/exactly-once.md} numbers them. One connection,
 * one thread.
 */
final class Settler {
    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);

    private final Prepared intent;
    private final DestinationConfig destination;
    private final RemoteFiles files;
    private final Publisher publisher;
    private final InstantSource time;
    private final Instant began;

    Settler(Prepared intent, DestinationConfig destination, RemoteFiles files, InstantSource time) {
        this.intent = intent;
        this.destination = destination;
        this.files = files;
        this.publisher = new Publisher(files, intent.id(), intent.target().path(), intent.onConflict());
        this.time = time;
        this.began = time.instant();
    }

    /** Delivered, NotDelivered or Undecided. */
    Outcome settle() {
        if (!intent.endpoint().equals(Endpoint.of(destination))) {
            return inDoubt("it was prepared at " + intent.endpoint() + ", and the destination is "
                    + Endpoint.of(destination) + " now");
        }
        try {
            return publishOrWithdraw();
        } catch (TransferException e) {
            return new Outcome.Undecided(intent, e.failure());
        }
    }

    private Outcome publishOrWithdraw() throws TransferException {
        try {
            return delivered(publisher.rename(intent.staging()), intent.proof());
        } catch (TransferException refusal) {
            if (!files.isOpen()) {
                throw refusal;
            }
            if (refusal.kind() == FailureKind.IN_DOUBT) {
                return inDoubt(refusal.failure().detail());
            }
            return withdraw(refusal);
        }
    }

    /** Makes sure that the file will not be published by anybody any more, unless that has happened. */
    private Outcome withdraw(TransferException refusal) throws TransferException {
        RemotePath withdrawn = StagingNames.withdrawn(destination.staging(), intent.staging());
        try {
            files.rename(intent.staging(), withdrawn);
        } catch (UnsupportedRequestException e) {
            // Who cannot rename cannot have published; so nothing is left to be taken back but the file itself.
            var _ = files.remove(intent.staging());
            return new Outcome.NotDelivered(refusal.failure());
        } catch (TransferException e) {
            if (e.kind() == FailureKind.PATH_MISSING || isGone(e)) {
                return lookAround(refusal, withdrawn);
            }
            throw e;
        }
        return notDelivered(refusal.failure(), withdrawn);
    }

    /** Some servers say no more than that they cannot rename what is not there. */
    private boolean isGone(TransferException refusal) throws TransferException {
        return refusal.kind() == FailureKind.REMOTE_ERROR
                && files.isOpen()
                && files.stat(intent.staging()).isEmpty();
    }

    /** Somebody renamed the staging file: under which name is it? */
    private Outcome lookAround(TransferException refusal, RemotePath withdrawn) throws TransferException {
        Optional<RemoteStat> taken;
        try {
            taken = files.stat(withdrawn);
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            return inDoubt("the server does not let names be looked at: " + e.failure().detail());
        }
        if (taken.isPresent()) {
            return notDelivered(
                    new Failure(
                            FailureKind.REMOTE_ERROR,
                            "the file could not be published, and was withdrawn: " + refusal.failure().detail()),
                    withdrawn);
        }
        if (refusal.kind() == FailureKind.BAD_NAME) {
            return inDoubt("an earlier version may have given it another name: " + refusal.failure().detail());
        }
        for (RemotePath name : publisher.finalNames()) {
            if (lookUp(name).filter(this::isOurs).isPresent()) {
                return delivered(name, intent.proof());
            }
        }
        return taken();
    }

    private boolean isOurs(RemoteStat stat) {
        boolean sameSize = stat.size().isPresent() && stat.size().getAsLong() == intent.bytes();
        boolean sameTime = stat.modified().isEmpty()
                || intent.modified().isEmpty()
                || stat.modified().getAsLong() == intent.modified().getAsLong();
        return sameSize && sameTime;
    }

    /** The file is nowhere: taken by the partner, if nothing else can have made it vanish. */
    private Outcome taken() throws TransferException {
        Duration age = Duration.between(intent.at(), time.instant());
        if (age.compareTo(destination.evidenceWindow()) > 0) {
            return inDoubt("it was prepared " + age + " ago, which is longer than the destination's evidenceWindow of "
                    + destination.evidenceWindow());
        }
        if (!files.hostKey().equals(intent.hostKey())) {
            return inDoubt("the server shows the host key " + files.hostKey() + ", the one it was prepared at showed "
                    + intent.hostKey());
        }
        if (!exists(new RemotePath(intent.staging().directory()))) {
            return inDoubt(
                    "the staging directory " + intent.staging().directory() + " is gone, or cannot be looked at");
        }
        LOG.atInfo()
                .addKeyValue("fileId", intent.id())
                .addKeyValue("destination", intent.target().destination())
                .addKeyValue("attempt", intent.attempt())
                .log("A published file is no longer where it was; the partner took it");
        return delivered(publisher.finalNames().getFirst(), intent.proof());
    }

    /** What cannot be looked at counts as absent. */
    private boolean exists(RemotePath path) throws TransferException {
        return lookUp(path).isPresent();
    }

    private Optional<RemoteStat> lookUp(RemotePath path) throws TransferException {
        try {
            return files.stat(path);
        } catch (TransferException e) {
            if (files.isOpen()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Outcome delivered(RemotePath name, Proof proof) throws TransferException {
        publisher.syncDirectory(name);
        return receipt(name, proof);
    }

    private Outcome receipt(RemotePath name, Proof proof) {
        Duration taken = intent.took().plus(Duration.between(began, time.instant()));
        return new Outcome.Delivered(new Receipt(
                name,
                intent.bytes(),
                intent.sha256(),
                proof,
                weaker(intent.destinationClass(), Capability.classOf(files.capabilities(name))),
                taken.isNegative() ? Duration.ZERO : taken));
    }

    /** What the server was found not to keep while the file was published counts. */
    private static DestinationClass weaker(DestinationClass one, DestinationClass other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private Outcome notDelivered(Failure failure, RemotePath withdrawn) throws TransferException {
        // A crash of the server must not bring the staging name back once the failure is told.
        publisher.syncDirectory(withdrawn);
        boolean onDisk = files.capabilities().contains(Capability.SYNC);
        return new Outcome.NotDelivered(
                failure,
                Optional.of(new Staging(
                        intent.id(),
                        intent.attempt(),
                        intent.target(),
                        intent.lane(),
                        withdrawn,
                        onDisk ? intent.bytes() : 0,
                        intent.endpoint(),
                        intent.at())));
    }

    private Outcome inDoubt(String reason) {
        String detail = "whether '" + intent.target().path() + "' was delivered cannot be decided: " + reason;
        return switch (destination.onUnknownOutcome()) {
            case HOLD -> new Outcome.NotDelivered(new Failure(FailureKind.IN_DOUBT, detail));
            case ASSUME_DELIVERED -> receipt(publisher.finalNames().getFirst(), Proof.NONE);
            case RESEND -> new Outcome.NotDelivered(new Failure(
                    FailureKind.CONNECTION_LOST, detail + "; it is sent again, as onUnknownOutcome says"));
        };
    }
}
