package io.waybill.worker;

import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of one item over one connection, in steps that are taken one by one: {@link #stage}, {@link #intent}; or
 * {@link #leave} after a failure. For servers that cannot rename, {@link #deliverDirectly} is all of it. One thread.
 */
final class DeliveryAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryAttempt.class);

    private final TransferWork work;
    private final Lane lane;
    private final DestinationConfig destination;
    private final RemoteFiles files;
    private final SourceReader source;
    private final Journal journal;
    private final WorkerMetrics metrics;
    private final MemoryBudget memory;
    private final ResumeSizes sizes;
    private final InstantSource time;
    private final Instant began;
    private @Nullable RemotePath written;
    private long safeBytes;

    DeliveryAttempt(
            TransferWork work,
            Lane lane,
            DestinationConfig destination,
            RemoteFiles files,
            SourceReader source,
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
    }

    /** Whether the server can give a staged file its final name. */
    boolean renames() {
        return Capability.classOf(files.capabilities()) != DestinationClass.D;
    }

    /** Uploads the file and proves it under a name of its own. */
    Staged stage() throws TransferException, MandateLostException {
        var stager = new Stager(work, files, journal::reached);
        RemotePath name = StagingNames.staging(destination.staging(), work, journal.token());
        journal.stagesIn(new RemotePath(name.directory()));
        try (InputStream content = source.open(work.source())) {
            safeBytes = takeOver(name);
            written = name;
            return stager.stage(name, content,
                    new Upload(work.source(), journal, metrics, memory, safeBytes, sizes.step(), this::safe));
        } catch (IOException e) {
            throw new IllegalStateException("closing a source must not fail", e);
        }
    }

    /** Takes note of how much is safe. */
    private void safe(long bytes) {
        safeBytes = bytes;
        written().ifPresent(journal::note);
    }

    /** Gives what an earlier execution left the name of this one, and returns how many bytes of it are safe. */
    private long takeOver(RemotePath name) throws TransferException, MandateLostException {
        Staging left = journal.left().orElse(null);
        if (left == null || !left.endpoint().equals(Endpoint.of(destination))) {
            return 0;
        }
        // A mark that was read by an owner of the past may be one that the present owner is just working on.
        journal.proveOwnership();
        try {
            files.rename(left.staging(), name);
        } catch (TransferException e) {
            // Not by the connection alone: another file may break it between this answer and the look at it, and then
            // an upload that is gone would end the file for good.
            if (!files.isOpen() && e.kind() != FailureKind.PATH_MISSING) {
                throw e;
            }
            // It is gone, or the server does not let us have it: the whole file is sent.
            return 0;
        }
        written = name;
        safe(left.safeBytes());
        try {
            // By name: a late request of the earlier execution speaks of another, and so cannot cut what is ours.
            files.truncate(name, left.safeBytes());
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            // What lies beyond is of the same source, and will be written over.
        }
        LOG.atInfo()
                .addKeyValue("fileId", work.id())
                .addKeyValue("attempt", work.attempt())
                .addKeyValue("bytes", left.safeBytes())
                .log("An upload is resumed");
        return left.safeBytes();
    }

    /** What is committed before the staged file may be published. */
    Prepared intent(Staged staged) {
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
                promised(staged.name()),
                staged.modified(),
                Endpoint.of(destination),
                files.hostKey(),
                time.instant(),
                taken());
    }

    /** Both names must outlive a crash of the server, the staging one until it is renamed. */
    private DestinationClass promised(RemotePath staged) {
        var both = new HashSet<>(files.capabilities(staged));
        both.retainAll(files.capabilities(work.target().path()));
        return Capability.classOf(both);
    }

    private Duration taken() {
        Duration taken = Duration.between(began, time.instant());
        return taken.isNegative() ? Duration.ZERO : taken;
    }

    /**
     * Writes under the final name, for servers that cannot rename. Readers may see a part of the file, and a failure may
     * leave one behind if the connection broke; that is what the done-file is for.
     */
    Receipt deliverDirectly() throws TransferException, MandateLostException {
        var publisher = new Publisher(files, work.id(), work.target().path(), work.onConflict());
        RemotePath target = publisher.directTarget();
        Staged staged;
        try (InputStream content = source.open(work.source())) {
            written = target;
            staged = new Stager(work, files, journal::reached)
                    .writeDirectly(target, content, new Upload(work.source(), journal, metrics, memory));
        } catch (IOException e) {
            throw new IllegalStateException("closing a source must not fail", e);
        }
        publisher.finishDirect(target);
        return new Receipt(
                target, staged.bytes(), staged.sha256(), staged.proof(), DestinationClass.D, taken());
    }

    /**
     * Removes what was written, or says what of it is worth going on from. Not to be called when the intent may be
     * committed.
     *
     * @param kind what the execution failed with
     */
    Optional<Staging> leave(FailureKind kind) {
        RemotePath name = written;
        if (name == null) {
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
