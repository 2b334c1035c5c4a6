package io.waybill.worker.delivery;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Lane;
import io.waybill.domain.LedgerMark.Prepared;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.Milestone;
import io.waybill.domain.Receipt;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Target;
import io.waybill.domain.TransferException;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.runtime.memory.MemoryBudget;
import io.waybill.sftp.NameEncoding;
import io.waybill.sftp.PooledConnection;
import io.waybill.sftp.RemoteEntry;
import io.waybill.sftp.RemoteFiles;
import io.waybill.store.ObjectArchivedException;
import io.waybill.store.ObjectReader;
import io.waybill.worker.connections.ConnectionPool;
import io.waybill.worker.connections.DestinationDownException;
import io.waybill.worker.connections.Endpoint;
import io.waybill.worker.connections.PlaceDownException;
import io.waybill.worker.connections.SourceDownException;
import io.waybill.worker.connections.SourceGate;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.partition.OwnershipProof;
import io.waybill.worker.upload.ReservedNames;
import io.waybill.worker.upload.ResumeSizes;
import io.waybill.worker.upload.Staged;
import io.waybill.worker.upload.StagingNames;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers files from the store to the configured destinations. */
public final class DestinationDelivery implements Deliverer {
    private static final Logger LOG = LoggerFactory.getLogger(DestinationDelivery.class);

    private static final int MOST_NAMES = 10_000;

    /** A destination that forbids removing is not asked once for each name. */
    private static final int MOST_REFUSALS = 100;

    /**
     * When to try again to deliver to a destination that this worker does not know, at the earliest. A worker that starts,
     * and knows it, releases the files. If none does, each try costs two states, so the files come back seldom, and spread
     * over as long a time again.
     */
    private static final Duration BETWEEN_STARTS = Duration.ofHours(1);

    /**
     * When to look again at an object in an archive. A restore takes hours, and its notification releases the file; some
     * stores send none.
     */
    private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

    /** Reading ahead may take up to this part of the memory, over all files under way. */
    private static final int PART_OF_HEAP = 8;

    private final Map<DestinationName, DestinationConfig> destinations;
    private final ObjectReader source;
    private final SourceGate gate;
    private final ConnectionPool connections;
    private final WorkerMetrics metrics;
    private final ResumeSizes sizes;
    private final InstantSource time;
    private final MemoryBudget memory = MemoryBudget.ofHeap(PART_OF_HEAP);

    /**
     * @param source      not closed here; asked first, if it is a {@link SourceGate}
     * @param connections not closed here
     */
    public DestinationDelivery(
            Map<DestinationName, DestinationConfig> destinations,
            ObjectReader source,
            ConnectionPool connections,
            WorkerMetrics metrics,
            InstantSource time) {
        this(destinations, source, connections, metrics, ResumeSizes.DEFAULT, time);
    }

    /**
     * @param source      not closed here
     * @param connections not closed here
     * @param sizes       from which size on uploads are resumed
     */
    public DestinationDelivery(
            Map<DestinationName, DestinationConfig> destinations,
            ObjectReader source,
            ConnectionPool connections,
            WorkerMetrics metrics,
            ResumeSizes sizes,
            InstantSource time) {
        this.destinations = Map.copyOf(destinations);
        this.source = source;
        this.gate = source instanceof SourceGate known ? known : SourceGate.OPEN;
        this.connections = connections;
        this.metrics = metrics;
        this.sizes = sizes;
        this.time = time;
    }

    @Override
    public Outcome deliver(TransferWork work, Lane lane, Journal journal) {
        DestinationConfig destination = destinations.get(work.target().destination());
        if (destination == null) {
            // Another instance of the services knows it already, and this one may know it after its next start.
            Duration spread = Duration.ofMillis(Math.floorMod(work.id().value().hashCode(), BETWEEN_STARTS.toMillis()));
            return new Outcome.Deferred(
                    time.instant().plus(BETWEEN_STARTS).plus(spread), unknown(work.target()));
        }
        RemotePath path = work.target().path();
        Optional<Failure> badName = NameEncoding.fault(destination, path)
                .or(() -> new ReservedNames(destination.staging()).fault(path));
        if (badName.isPresent()) {
            return new Outcome.NotDelivered(badName.get(), journal.left());
        }
        try {
            // Before the connection, which others could use meanwhile.
            gate.requireUp(work.source().bucket());
            connections.rooms().admit(destination.name(), path.directory());
            return judged(deliver(work, lane, destination, journal), work);
        } catch (PlaceDownException e) {
            return new Outcome.Deferred(e.until(), e.failure());
        }
    }

    /** A directory without room is no fault of the file. */
    private Outcome judged(Outcome outcome, TransferWork work) {
        DestinationName name = work.target().destination();
        String directory = work.target().path().directory();
        if (outcome instanceof Outcome.Delivered) {
            connections.rooms().delivered(name, directory);
        }
        return outcome instanceof Outcome.NotDelivered(Failure failure, Optional<Staging> left)
                && failure.kind() == FailureKind.DISK_FULL
                        ? connections.rooms()
                                .full(name, directory, work.id(), failure)
                                .<Outcome>map(until -> new Outcome.Deferred(until, failure, true, left))
                                .orElse(outcome)
                        : outcome;
    }

    private Outcome deliver(TransferWork work, Lane lane, DestinationConfig destination, Journal journal)
            throws DestinationDownException {
        try (PooledConnection connection = connections.borrow(lane, destination)) {
            // It may have waited for its connection since before the pause.
            Optional<Outcome.Deferred> halted = journal.halted();
            if (halted.isPresent()) {
                return halted.get();
            }
            if (journal.limit().isPresent()) {
                // The worker began to stop meanwhile. The file has not begun, and the next owner begins it.
                return new Outcome.Dropped();
            }
            journal.reached(Milestone.CONNECTED);
            var attempt = new UploadAttempt(
                    work, lane, destination, connection.files(), source, journal, metrics, memory, sizes, time);
            if (!attempt.renames() && !attempt.renamesAfterAll()) {
                return deliverDirectly(work, connection.files(), journal);
            }
            Outcome outcome = stageAndPublish(attempt, destination, connection.files(), journal);
            if (outcome instanceof Outcome.NotDelivered
                    && !attempt.renames()
                    && !attempt.intended()
                    && journal.unwanted().isEmpty()) {
                // The attempt showed that the server cannot rename. The second try writes directly.
                return deliverDirectly(work, connection.files(), journal);
            }
            return outcome;
        }
    }

    private Outcome deliverDirectly(TransferWork work, RemoteFiles files, Journal journal) {
        var delivery = new DirectDelivery(work, files, source, journal, metrics, memory, time);
        try {
            Receipt receipt = delivery.deliver();
            journal.reached(Milestone.PUBLISHED);
            // The remains of an attempt that was going to rename are removed after this is committed.
            return new Outcome.Delivered(receipt, journal.left());
        } catch (TransferException e) {
            delivery.takeBack();
            return unfinished(e, journal.left());
        } catch (OwnershipLostException e) {
            Optional<Failure> unwanted = journal.unwanted();
            if (unwanted.isEmpty()) {
                return new Outcome.Dropped();
            }
            delivery.takeBack();
            return new Outcome.NotDelivered(unwanted.get(), journal.left());
        }
    }

    private Outcome stageAndPublish(
            UploadAttempt attempt, DestinationConfig destination, RemoteFiles files, Journal journal) {
        Prepared intent;
        try {
            Staged staged = attempt.stage();
            journal.check();
            Optional<Failure> unwanted = journal.unwanted();
            if (unwanted.isPresent()) {
                throw new TransferException(unwanted.get());
            }
            intent = attempt.intent(staged);
        } catch (TransferException e) {
            return unfinished(e, attempt.leave(e.kind()));
        } catch (OwnershipLostException e) {
            Optional<Failure> unwanted = journal.unwanted();
            Optional<Staging> left =
                    attempt.leave(unwanted.map(Failure::kind).orElse(FailureKind.CONNECTION_LOST));
            return unwanted.isPresent()
                    ? new Outcome.NotDelivered(unwanted.get(), left)
                    : new Outcome.Dropped();
        }
        try {
            journal.prepare(intent);
        } catch (OwnershipLostException e) {
            return new Outcome.Dropped();
        }
        Outcome outcome =
                new IntentResolver(intent, destination, files, time, attempt.situation(), journal::proveOwnership)
                        .resolve();
        if (outcome instanceof Outcome.Delivered) {
            journal.reached(Milestone.PUBLISHED);
        }
        return outcome;
    }

    /**
     * A bucket that went down while an object of it was read is no fault of the object. An object in an archive can be read
     * when somebody has restored it.
     */
    private Outcome unfinished(TransferException e, Optional<Staging> left) {
        return switch (e) {
            case SourceDownException down -> new Outcome.Deferred(down.until(), down.failure(), true, left);
            case ObjectArchivedException archived ->
                new Outcome.Deferred(time.instant().plus(BETWEEN_LOOKS), archived.failure(), true, left);
            default -> new Outcome.NotDelivered(e.failure(), left);
        };
    }

    private Failure unknown(Target target) {
        return new Failure(
                FailureKind.UNKNOWN_DESTINATION,
                "this worker's configuration has no destination '" + target.destination() + "', only "
                        + destinations.keySet());
    }

    @Override
    public Outcome resolve(Prepared intent, OwnershipProof owner) {
        DestinationConfig destination = destinations.get(intent.target().destination());
        if (destination == null) {
            return new Outcome.Undecided(intent, unknown(intent.target()));
        }
        var lane = new Lane(destination.name(), intent.lane());
        try (PooledConnection connection = connections.borrow(lane, destination)) {
            return new IntentResolver(intent, destination, connection.files(), time, IntentResolver.Situation.FOUND,
                    owner).resolve();
        } catch (TransferException e) {
            return new Outcome.Undecided(intent, e.failure());
        }
    }

    @Override
    public boolean discard(Staging left) {
        DestinationConfig destination = destinations.get(left.target().destination());
        if (destination == null || !left.endpoint().equals(Endpoint.of(destination))) {
            return false;
        }
        try (PooledConnection connection = connections.borrow(new Lane(destination.name(), left.lane()), destination)) {
            var _ = connection.files().remove(left.staging());
            return true;
        } catch (TransferException e) {
            LOG.atDebug()
                    .addKeyValue("fileId", left.id())
                    .addKeyValue("destination", destination.name())
                    .setCause(e)
                    .log("A staging file could not be removed yet");
            return false;
        }
    }

    @Override
    public int sweep(Lane lane, String directory, UnaryOperator<List<String>> dead) {
        DestinationConfig destination = destinations.get(lane.destination());
        if (destination == null) {
            return 0;
        }
        int removed = 0;
        try (PooledConnection connection = connections.borrow(lane, destination)) {
            var reserved = new ReservedNames(destination.staging());
            // The partner's own names count for nothing: beside the final names there may be many thousands.
            List<String> names = connection.files().list(directory, reserved::has, MOST_NAMES).stream()
                    .map(RemoteEntry::name)
                    .toList();
            int refusals = 0;
            for (String name : dead.apply(names)) {
                try {
                    removed += removed(connection.files(), StagingNames.in(directory, name)) ? 1 : 0;
                } catch (TransferException e) {
                    // One that cannot be removed, such as a directory, must not keep the others for ever.
                    if (!connection.files().isOpen() || ++refusals == MOST_REFUSALS) {
                        throw e;
                    }
                }
            }
        } catch (TransferException e) {
            // Many destinations forbid listing. There the partner has to clean up.
            LOG.atDebug().addKeyValue("destination", destination.name()).setCause(e).log("Cannot clean up");
        }
        return removed;
    }

    private static boolean removed(RemoteFiles files, RemotePath dead) throws TransferException {
        return StagingNames.ofRoom(dead.name()).isPresent() ? OlderFile.removeRoom(files, dead) : files.remove(dead);
    }
}
