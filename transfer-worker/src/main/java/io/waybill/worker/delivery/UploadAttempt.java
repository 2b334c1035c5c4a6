package io.waybill.worker.delivery;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.memory.MemoryBudget;
import io.waybill.sftp.Capability;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.UnsupportedRequestException;
import io.waybill.store.ObjectReader;
import io.waybill.worker.connections.Endpoint;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.upload.Obstacle;
import io.waybill.worker.upload.ResumeSizes;
import io.waybill.worker.upload.Staged;
import io.waybill.worker.upload.Stager;
import io.waybill.worker.upload.StagingNames;
import io.waybill.worker.upload.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of one item over one connection, in separate steps: {@link #stage}, {@link #intent}; or {@link #leave}
 * after a failure. Servers that cannot rename get a {@link DirectDelivery} instead. One thread.
 */
final class UploadAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(UploadAttempt.class);

    private final TransferWork work;
    private final Lane lane;
    private final DestinationConfig destination;
    private final RemoteFiles files;
    private final ObjectReader source;
    private final Journal journal;
    private final WorkerMetrics metrics;
    private final MemoryBudget memory;
    private final ResumeSizes sizes;
    private final InstantSource time;
    private final Instant began;
    private final RemotePath staging;
    private @Nullable RemotePath written;
    private long safeBytes;
    private boolean intended;
    private boolean hasRoom;

    UploadAttempt(
            TransferWork work,
            Lane lane,
            DestinationConfig destination,
            RemoteFiles files,
            ObjectReader source,
            Journal journal,
            WorkerMetrics metrics,
            MemoryBudget memory,
            ResumeSizes sizes,
            InstantSource time) {
        this.work = work;
        this.lane = lane;
        this.destination = destination;
        this.files = files;
        this.source = source;
        this.journal = journal;
        this.metrics = metrics;
        this.memory = memory;
        this.sizes = sizes;
        this.time = time;
        this.began = time.instant();
        this.staging = StagingNames.staging(destination.staging(), work, journal.token());
    }

    /**
     * Whether the server can give a staged file its final name. If it once replaced a file, it can, whatever a later
     * trial shows. That trial may have met a full disk or a missing right, and the partner must not see half a file
     * because of that.
     */
    boolean renames() {
        return Capability.classOf(files.capabilities(staging)) != DestinationClass.DIRECT
                || journal.replaceProven(files.server(), staging.directory());
    }

    /** The same, after a further trial if one is due. */
    boolean renamesAfterAll() {
        try {
            files.tryOut(staging);
        } catch (TransferException e) {
            // The next request meets the same fault again.
            LOG.atDebug().addKeyValue("fileId", work.id()).setCause(e).log("A server could not be tried out again");
        }
        return renames();
    }

    /** Uploads the file under a name of its own, and proves it. */
    Staged stage() throws TransferException, OwnershipLostException {
        new Obstacle(files).refuseLong(target());
        var stager = new Stager(work, files, journal::reached);
        journal.stagesIn(staging.directory());
        stager.refuseTooLong(target(), staging);
        try (InputStream content = source.open(work.source())) {
            long safe =
                    new ResumeDecision(work, destination, files, journal).takeOver(staging, () -> written = staging);
            written = staging;
            if (safe > 0) {
                safe(safe);
            }
            return stager.stage(staging, content,
                    new Upload(work.source(), journal, metrics, memory, safeBytes, sizes, this::safe,
                            journal::acknowledged));
        } catch (IOException e) {
            throw new IllegalStateException("closing a source must not fail", e);
        }
    }

    /** Records how many bytes are safe. */
    private void safe(long bytes) {
        safeBytes = bytes;
        written().ifPresent(journal::note);
    }

    /** Whether there may be an intent. If so, its resolver finds out the outcome. */
    boolean intended() {
        return intended;
    }

    /** The intent, which is committed before the staged file may be published. */
    Prepared intent(Staged staged) throws TransferException {
        // When this attempt began, nothing may have been known about the server. An intent whose file can neither be
        // published nor withdrawn would stay for ever.
        files.tryOut(staged.name());
        if (!renames()) {
            throw new UnsupportedRequestException(
                    "nothing can be renamed at " + destination.name() + ", as was found out after '" + staged.name()
                            + "' was staged");
        }
        if (files.mayCopy(staged.name(), target())) {
            throw new TransferException(
                    FailureKind.FORBIDDEN,
                    "'" + staged.name().directory() + "' lies on another file system than '" + target().directory()
                            + "', and this server may copy a file there, in sight of the partner, where others rename it"
                            + " or refuse to; so nothing is published. Have the directory moved, or stage beside the"
                            + " final name, by the destination's staging.prefix or staging.suffix");
        }
        intended = true;
        DestinationClass promised = destinationClass();
        Optional<RemotePath> given = work.onConflict() == ConflictPolicy.KEEP_BOTH
                ? Optional.of(isThere(target()) ? StagingNames.keptBeside(target(), work.id()) : target())
                : Optional.empty();
        if (promised == DestinationClass.NON_ATOMIC) {
            makeRoom(given);
        }
        return new Prepared(
                work.id(),
                work.route(),
                work.attempt(),
                work.target(),
                lane.number(),
                work.onConflict(),
                staged.name(),
                staged.bytes(),
                staged.sha256(),
                staged.proof(),
                promised,
                staged.modified(),
                Endpoint.of(destination),
                files.hostKey(),
                time.instant(),
                taken(),
                given);
    }

    private RemotePath target() {
        return work.target().path();
    }

    private boolean isThere(RemotePath path) throws TransferException {
        return files.lookUp(path).isPresent();
    }

    /** Makes a room, so that an {@link OlderFile} can be set aside, if there is one and it may be replaced. */
    private void makeRoom(Optional<RemotePath> given) throws TransferException {
        RemotePath name = given.orElse(target());
        boolean replaced = work.onConflict() == ConflictPolicy.REPLACE || !name.equals(target());
        if (!replaced || !isThere(name)) {
            return;
        }
        try {
            files.makeDirectory(StagingNames.room(staging));
            hasRoom = true;
        } catch (TransferException e) {
            throw files.isOpen() ? noRoom(name, staging.directory(), e) : e;
        }
    }

    /**
     * The worker does not replace the file in another way. Without a room, a late request could move the new file to a
     * place where nobody looks for it.
     */
    private TransferException noRoom(RemotePath name, String directory, TransferException refusal) {
        // If the server does not know the request at all, it will not know it at the next attempt either.
        FailureKind kind = refusal instanceof UnsupportedRequestException ? FailureKind.FORBIDDEN : refusal.kind();
        String otherwise = work.onConflict() == ConflictPolicy.REPLACE
                ? ", or set the route's onConflict to keep-both or refuse"
                : "";
        return new TransferException(
                kind,
                "an older file has the name '" + name
                        + "' and is untouched: this server cannot replace a file in one step, "
                        + "and no directory can be made in '" + directory + "' to set it aside in: "
                        + refusal.getMessage() + "; have user '" + destination.user()
                        + "' allowed to make directories there" + otherwise,
                refusal);
    }

    /** What is known when the publishing of the staged file begins. */
    IntentResolver.Situation situation() {
        return hasRoom ? IntentResolver.Situation.FRESH_WITH_ROOM : IntentResolver.Situation.FRESH;
    }

    /**
     * A server that once replaced a file is atomic, whatever a later trial shows: that trial may have met a full disk.
     */
    private DestinationClass destinationClass() {
        var can = EnumSet.noneOf(Capability.class);
        can.addAll(files.capabilities(staging));
        if (!files.capabilities(target()).contains(Capability.SYNC_DIRECTORY)) {
            // Both names must survive a crash of the server, the staging name until it is renamed.
            can.remove(Capability.SYNC_DIRECTORY);
        }
        RemoteFiles.Evidence replacing = files.replacing(staging);
        String directory = staging.directory();
        boolean provenBefore = replacing != RemoteFiles.Evidence.UNPROVEN
                && journal.replaceProven(files.server(), directory);
        if (provenBefore) {
            can.add(Capability.REPLACE);
        } else if (replacing == RemoteFiles.Evidence.PROVEN) {
            journal.noteReplaceProven(files.server(), directory);
        }
        return Capability.classOf(can);
    }

    private Duration taken() {
        Duration taken = Duration.between(began, time.instant());
        return taken.isNegative() ? Duration.ZERO : taken;
    }

    /**
     * Removes what was written, or returns the part from which a later execution may resume. Must not be called when the
     * intent may be committed.
     *
     * @param kind the failure of the execution
     */
    Optional<Staging> leave(FailureKind kind) {
        RemotePath name = written;
        // A name that the server cannot have was never written, and can never be removed.
        if (name == null || kind == FailureKind.BAD_NAME) {
            return journal.left();
        }
        boolean goesOn = kind.retryable() && renames();
        if (files.isOpen() && (!goesOn || safeBytes < sizes.least())) {
            try {
                var _ = files.remove(name);
                return Optional.empty();
            } catch (TransferException e) {
                LOG.atDebug()
                        .addKeyValue("fileId", work.id())
                        .addKeyValue("attempt", work.attempt())
                        .setCause(e)
                        .log("A staging file could not be removed");
            }
        }
        return renames() ? written() : Optional.empty();
    }

    private Optional<Staging> written() {
        return Optional.ofNullable(written)
                .map(name -> new Staging(
                        work.id(),
                        work.attempt(),
                        work.target(),
                        lane.number(),
                        name,
                        safeBytes,
                        Endpoint.of(destination),
                        time.instant()));
    }
}
