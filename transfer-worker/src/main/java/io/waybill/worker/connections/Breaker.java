package io.waybill.worker.connections;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import io.waybill.runtime.time.Backoff;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.sftp.RemoteFiles;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
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
    private final RandomGenerator random;
    // Connections to one destination are opened one after another. Many at once look like an attack to some servers
    // (OpenSSH's MaxStartups, fail2ban), and callers that wait here learn from the first failure that a try is useless.
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable Outage outage;
    private @Nullable Long nextUseful;

    /**
     * @param random randomises the delays
     */
    Breaker(DestinationName destination, WorkerMetrics metrics, ProcessClock time, RandomGenerator random) {
        this.destination = destination;
        this.metrics = metrics;
        this.time = time;
        this.random = random;
    }

    /** A try to connect to the destination. */
    interface Trial {
        RemoteFiles connect() throws TransferException;
    }

    /**
     * An outage of the destination.
     *
     * @param pace     how soon the next try comes
     * @param failures failures in a row at this pace, 1 or more
     * @param delay    between the last try and the next
     * @param next     when the next try may begin, by the process's own clock
     * @param failure  the failure of the last try
     */
    private record Outage(Instant began, Pace pace, int failures, Duration delay, long next, Failure failure) {}

    private enum Pace {
        /** The server does not answer; it may be up again soon. */
        BRISK(Duration.ofSeconds(5), Duration.ofMinutes(10)),
        /**
         * The server refused the login, or its host key is not pinned. Repeated tries lock accounts and get networks
         * banned, and people must act.
         */
        SLOW(Duration.ofMinutes(5), Duration.ofHours(1));

        private final Duration shortest;
        private final Duration longest;

        Pace(Duration shortest, Duration longest) {
            this.shortest = shortest;
            this.longest = longest;
        }

        static Pace of(FailureKind kind) {
            return kind == FailureKind.AUTHENTICATION || kind == FailureKind.HOST_KEY ? SLOW : BRISK;
        }

        /** The longest wait after this many failures in a row. */
        Duration ceiling(int failures) {
            return new Backoff(shortest, longest).after(failures);
        }
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
            Outage known = outage;
            if (known != null && !time.isOver(known.next())) {
                throw new DestinationDownException(known.failure(), someTimeAfter(known));
            }
            RemoteFiles files = trial.connect();
            close();
            return files;
        } catch (DestinationDownException e) {
            throw e;
        } catch (TransferException e) {
            // The caller that made this try also makes the next one, as soon as it may begin.
            throw new DestinationDownException(e.failure(), told(open(e.failure(), others.getAsInt()).next()));
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
            if (outage != null || nextUseful != null && !time.isOver(nextUseful)) {
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

    private Instant someTimeAfter(Outage known) {
        return told(known.next()).plus(random(known.delay()));
    }

    /** The moment as a wall-clock time, for callers and logs. */
    private Instant told(long moment) {
        return time.instant().plus(time.until(moment));
    }

    private Duration random(Duration below) {
        return Duration.ofMillis(random.nextLong(below.toMillis()));
    }

    private Outage open(Failure failure, int others) {
        Outage before = outage;
        Pace pace = Pace.of(failure.kind());
        if (before != null && before.pace() == Pace.SLOW) {
            // A server that banned a network for its failed logins looks like a server that is down.
            pace = Pace.SLOW;
        }
        int failures = before != null && before.pace() == pace ? before.failures() + 1 : 1;
        // At least half of the ceiling, so that the delays grow; less than the whole ceiling, so that the workers' tries
        // spread.
        Duration half = pace.ceiling(failures).dividedBy(2);
        Duration delay = half.plus(random(half));
        var found = new Outage(
                before == null ? time.instant() : before.began(), pace, failures, delay, time.after(delay), failure);
        outage = found;
        metrics.reachable(destination, others > 0 && pace == Pace.BRISK);
        if (others > 0) {
            metrics.refused(destination);
        }
        boolean grows = before == null || before.pace() != pace || !pace.ceiling(failures).equals(pace.ceiling(
                before.failures()));
        if (grows) {
            tell(found, others);
        }
        return found;
    }

    private void tell(Outage found, int others) {
        LoggingEventBuilder log = Pace.of(found.failure().kind()) == Pace.SLOW ? LOG.atError() : LOG.atWarn();
        log.addKeyValue("destination", destination)
                .addKeyValue("failure", found.failure())
                .addKeyValue("retryAt", told(found.next()))
                .addKeyValue("connections", others)
                .log(others > 0
                        ? "A destination takes no more connections; its files share those that are open"
                        : "A destination is down; its files wait");
    }

    private void close() {
        Outage over = outage;
        outage = null;
        metrics.reachable(destination, true);
        if (over != null) {
            LOG.atInfo()
                    .addKeyValue("destination", destination)
                    .addKeyValue("downSince", over.began())
                    .log("A destination is up again");
        }
    }
}
