package io.waybill.worker.delivery;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.memory.MemoryBudget;
import io.waybill.sftp.Capability;
import io.waybill.sftp.RemoteFile;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteStat;
import io.waybill.store.ObjectReader;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.upload.Obstacle;
import io.waybill.worker.upload.Staged;
import io.waybill.worker.upload.Stager;
import io.waybill.worker.upload.StagingNames;
import io.waybill.worker.upload.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of one item at a server that cannot rename. It writes the file under its final name, and a done-file beside
 * it says when the file is whole. At least once: readers may see a part, and a later execution overwrites the file. One
 * thread.
 *
 * <p>A done-file never stands beside less than a whole file: an older one is removed before the final name is opened. This
 * execution removes under a final name only what it opened itself, and only after it has proved, after the failure, that
 * the work still belongs to it. Nothing of this holds for a request that a former owner sent before and that arrives late.
 *
 * <p>The execution refuses what does not belong to Waybill before it writes anything: a final name that is the done-file of
 * another file, a name that is a link, and a done-file that is not empty. Between the look and the opening a partner may
 * still put such a file or link there, and then the execution writes to it: the protocol has no request that opens a file
 * only if it is not a link.
 */
final class DirectDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(DirectDelivery.class);

    private final TransferWork work;
    private final RemoteFiles files;
    private final ObjectReader source;
    private final Journal journal;
    private final WorkerMetrics metrics;
    private final MemoryBudget memory;
    private final InstantSource time;
    private final Instant began;
    private final Stager stager;
    private @Nullable RemotePath opened;
    private boolean vouched;

    DirectDelivery(
            TransferWork work,
            RemoteFiles files,
            ObjectReader source,
            Journal journal,
            WorkerMetrics metrics,
            MemoryBudget memory,
            InstantSource time) {
        this.work = work;
        this.files = files;
        this.source = source;
        this.journal = journal;
        this.metrics = metrics;
        this.memory = memory;
        this.time = time;
        this.began = time.instant();
        this.stager = new Stager(work, files, journal::reached);
    }

    /** Writes the file and its done-file. */
    Receipt deliver() throws TransferException, OwnershipLostException {
        Staged whole;
        RemotePath name = name();
        var obstacle = new Obstacle(files);
        obstacle.refuseLong(name);
        obstacle.refuseLong(StagingNames.doneFile(name));
        stager.refuseTooLong(StagingNames.doneFile(name), StagingNames.beside(name, work, journal.token()));
        try (InputStream content = source.open(work.source())) {
            removeOlderDoneFile(name);
            whole = stager.writeDirectly(
                    name,
                    content,
                    new Upload(work.source(), journal, metrics, memory, journal::acknowledged),
                    () -> opened = name);
        } catch (IOException e) {
            throw new IllegalStateException("closing a source must not fail", e);
        }
        // Meanwhile the next owner may have emptied the file, and may be writing it.
        journal.proveOwnership();
        finish(whole.name());
        Duration taken = Duration.between(began, time.instant());
        return new Receipt(
                whole.name(),
                whole.bytes(),
                whole.sha256(),
                whole.proof(),
                DestinationClass.DIRECT,
                taken.isNegative() ? Duration.ZERO : taken);
    }

    /** The name under which the file is written. */
    private RemotePath name() throws TransferException {
        RemotePath target = work.target().path();
        if (StagingNames.isDoneFile(target)) {
            throw new TransferException(
                    FailureKind.BAD_NAME,
                    "'" + target + "' is the name that says that another file is whole, at a server that cannot rename;"
                            + " a file of that name would be taken for that, so it is not sent");
        }
        if (work.onConflict() == ConflictPolicy.REPLACE || itself(target).isEmpty()) {
            return free(target);
        }
        if (work.onConflict() == ConflictPolicy.REFUSE) {
            throw new TransferException(
                    FailureKind.NAME_CONFLICT, "'" + target + "' exists at the destination, and onConflict is refuse");
        }
        return free(StagingNames.keptBeside(target, work.id()));
    }

    /** A name that neither a directory has nor a link. */
    private RemotePath free(RemotePath name) throws TransferException {
        Optional<RemoteStat> there = look(name);
        Obstacle.refuseDirectory(name, there);
        if (there.filter(stat -> stat.kind() == RemoteStat.Kind.OTHER).isPresent()) {
            throw new TransferException(
                    FailureKind.NAME_CONFLICT,
                    "'" + name + "' is a link at the destination, or no regular file; at a server that cannot rename it"
                            + " would be written through, to a file that is not Waybill's, so nothing is sent");
        }
        return name;
    }

    /** What has a name, without following a link; empty if nothing has it. */
    private Optional<RemoteStat> itself(RemotePath path) throws TransferException {
        try {
            return files.statLink(path);
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            return files.stat(path);
        }
    }

    /** The same; UNTOLD if the server does not let the name be looked up. */
    private Optional<RemoteStat> look(RemotePath path) throws TransferException {
        try {
            return itself(path);
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            return Optional.of(RemoteStat.UNTOLD);
        }
    }

    /**
     * Removes the done-file of an older delivery of the name.
     *
     * @throws TransferException NAME_CONFLICT if the done-file is not from an older delivery; or if it exists and cannot be
     *                           removed, because then the partner would take half a file for a whole one
     */
    private void removeOlderDoneFile(RemotePath name) throws TransferException, OwnershipLostException {
        RemotePath done = StagingNames.doneFile(name);
        Optional<RemoteStat> there = look(done);
        if (there.isEmpty()) {
            return;
        }
        requireEmpty(done, there.get());
        journal.proveOwnership();
        try {
            var _ = files.remove(done);
        } catch (TransferException e) {
            // If the server lets no name be looked up or removed, every delivery would fail because of a file that probably
            // does not exist.
            if (!there.get().equals(RemoteStat.UNTOLD) || !files.isOpen()) {
                throw e;
            }
        }
    }

    /**
     * A done-file of Waybill is empty; one with content belongs to a partner. If the server reports no size, it counts as
     * empty.
     */
    private static void requireEmpty(RemotePath done, RemoteStat stat) throws TransferException {
        boolean file = stat.kind() == RemoteStat.Kind.FILE || stat.kind() == RemoteStat.Kind.UNTOLD;
        boolean empty = stat.size().orElse(0) == 0;
        if (!file || !empty) {
            throw new TransferException(
                    FailureKind.NAME_CONFLICT,
                    "'" + done
                            + "' is not empty, and so is not Waybill's; at a server that cannot rename, an empty file of"
                            + " that name says that the file is whole, and what is there is not replaced");
        }
    }

    private void finish(RemotePath name) throws TransferException {
        RemotePath done = StagingNames.doneFile(name);
        Optional<RemoteStat> there = look(done);
        if (there.isPresent()) {
            requireEmpty(done, there.get());
        }
        vouched = true;
        try (RemoteFile empty = files.write(done, RemoteFiles.Existing.TRUNCATE)) {
            var _ = empty.finish();
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            Failure explained = new Obstacle(files).explain(done, e.failure());
            // A name that the server cannot have was never made, and cannot be removed either.
            vouched = explained.kind() != FailureKind.BAD_NAME;
            throw new TransferException(explained.kind(), explained.detail(), e);
        }
        stager.setAttributes(done);
        if (files.capabilities().contains(Capability.SYNC_DIRECTORY)) {
            files.syncDirectoryOf(name);
        }
    }

    /**
     * Removes what this execution wrote, after a failure. Must not be called when the work may belong to another worker. A
     * file that cannot be removed stays without a done-file, and the next attempt overwrites it.
     */
    void takeBack() {
        if (opened == null || !files.isOpen()) {
            return;
        }
        try {
            journal.proveOwnership();
            if (vouched) {
                var _ = files.remove(StagingNames.doneFile(opened));
            }
            var _ = files.remove(opened);
        } catch (TransferException | OwnershipLostException e) {
            LOG.atDebug()
                    .addKeyValue("fileId", work.id())
                    .addKeyValue("attempt", work.attempt())
                    .setCause(e)
                    .log("A part of a file stays under its final name");
        }
    }
}
