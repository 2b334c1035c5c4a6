package io.waybill.worker.connections;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.TransferException;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.RemoteFiles;
import io.waybill.worker.connections.Downtime.Outage;
import io.waybill.worker.connections.Downtime.Pace;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Keeps a worker from connecting to a destination that is down. A failed connection opens the breaker. After a delay that
 * grows with every failure, one caller tries again while the others wait for the result. The first success closes the
 * breaker. The breaker tells each refused caller its own time to come back, so that the callers do not overrun the
 * destination when it is up again. Any thread.
 */
final class Breaker {
    /** The delay after a failed optional connection. As long as after a refused login, because it may have been one. */
    private static final Duration BETWEEN_USEFUL = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    private final DestinationName destination;
    private final WorkerMetrics metrics;
    private final ProcessClock time;
    private final Consumer<Place> recovered;
    private final Downtime downtime;
    // Connections to one destination are opened one after another. Many at once look like an attack to some servers
    // (OpenSSH's MaxStartups, fail2ban), and callers that wait here learn from the first failure that a try is useless.
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable Long nextUseful;
    private volatile @Nullable Instant triedAt;
    private volatile @Nullable String hostKey;

    /**
     * @param random    randomises the delays
     * @param recovered takes the destination when an outage is over; does not wait
     */
    Breaker(
            DestinationName destination,
            WorkerMetrics metrics,
            ProcessClock time,
            RandomGenerator random,
            Consumer<Place> recovered) {
        this.destination = destination;
        this.metrics = metrics;
        this.time = time;
        this.recovered = recovered;
        this.downtime = new Downtime(time, random);
    }

    /** A try to connect to the destination. */
    interface Trial {
        RemoteFiles connect() throws TransferException;
    }

    /**
     * Opens a connection, unless the breaker is open.
     *
     * @param others counts the open connections to the destination; while there is one, the destination is not down
     * @throws DestinationDownException with the failure of the try
     */
    RemoteFiles connect(Trial trial, IntSupplier others) throws DestinationDownException {
        turn.lock();
        try {
            Optional<Outage> known = downtime.blocking();
            if (known.isPresent()) {
                throw new DestinationDownException(known.get().failure(), downtime.comeBack(known.get()));
            }
            downtime.trying();
            RemoteFiles files = trial.connect();
            hostKey = files.hostKey();
            triedAt = time.instant();
            close();
            return files;
        } catch (DestinationDownException e) {
            throw e;
        } catch (TransferException e) {
            // The caller that made this try also makes the next one, as soon as it may begin.
            triedAt = time.instant();
            throw new DestinationDownException(e.failure(), downtime.nextTry(open(e.failure(), others.getAsInt())));
        } finally {
            turn.unlock();
        }
    }

    /**
     * Opens an optional connection, one that is useful but not required. If it fails, other callers do not notice. The
     * worker does not try while the destination is known to be down, nor soon after a failure.
     */
    Optional<RemoteFiles> connectIfWell(Trial trial) {
        // A caller that requires a connection goes first.
        if (!turn.tryLock()) {
            return Optional.empty();
        }
        try {
            if (downtime.down() || nextUseful != null && !time.isOver(nextUseful)) {
                return Optional.empty();
            }
            return Optional.of(trial.connect());
        } catch (TransferException e) {
            nextUseful = time.after(BETWEEN_USEFUL);
            LOG.atDebug()
                    .addKeyValue("destination", destination)
                    .addKeyValue("failure", e.failure())
                    .log("A further connection could not be made");
            return Optional.empty();
        } finally {
            turn.unlock();
        }
    }

    private Outage open(Failure failure, int others) {
        Optional<Outage> before = downtime.outage();
        Outage found = downtime.failed(failure);
        metrics.reachable(destination, others > 0 && found.pace() == Pace.BRISK);
        if (others > 0) {
            metrics.refused(destination);
        }
        if (Downtime.grows(before, found)) {
            tell(found, others);
        }
        return found;
    }

    private void tell(Outage found, int others) {
        LoggingEventBuilder log = Pace.of(found.failure().kind()) == Pace.SLOW ? LOG.atError() : LOG.atWarn();
        log.addKeyValue("destination", destination)
                .addKeyValue("failure", found.failure())
                .addKeyValue("retryAt", downtime.nextTry(found))
                .addKeyValue("connections", others)
                .log(others > 0
                        ? "A destination takes no more connections; its files share those that are open"
                        : "A destination is down; its files wait");
    }

    private void close() {
        Optional<Outage> over = downtime.succeeded();
        metrics.reachable(destination, true);
        over.ifPresent(outage -> {
            LOG.atInfo()
                    .addKeyValue("destination", destination)
                    .addKeyValue("downSince", outage.began())
                    .log("A destination is up again");
            recovered.accept(new Place.Destination(destination));
        });
    }

    /** Why the worker does not connect. Does not wait for a try that is under way. */
    Optional<ConnectionState.Outage> outage(int open) {
        return downtime.outage()
                .map(known -> new ConnectionState.Outage(
                        known.began(),
                        known.failure(),
                        downtime.nextTry(known),
                        open > 0 && known.pace() == Pace.BRISK));
    }

    /** When the last try ended. */
    Optional<Instant> triedAt() {
        return Optional.ofNullable(triedAt);
    }

    /** The fingerprint that the server showed last. */
    Optional<String> hostKey() {
        return Optional.ofNullable(hostKey);
    }

    /**
     * Somebody says that the destination may be tried. Does not wait.
     *
     * @return whether that moves the next try of this worker forward
     */
    boolean release(Release.Cause cause) {
        return downtime.release(cause);
    }
}
