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
 * Keeps a worker from asking a destination that is down. A connection that cannot be made opens it; after a delay that
 * grows with every failure one caller tries again while the others wait for what comes of that, and the first success
 * closes it. Callers that are turned away are told when to come back, each at a time of its own, so that the destination
 * is not overrun when it is well again. Any thread.
 */
final class Breaker {
    /** After one that was only of use was refused; as slow as after a refused login, which it may have been. */
    private static final Duration BETWEEN_USEFUL = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    private final DestinationName destination;
    private final WorkerMetrics metrics;
    private final ProcessClock time;
    private final RandomGenerator random;
    // Connections to one destination are made one after the other: many at once look like an attack to some servers
    // (OpenSSH's MaxStartups, fail2ban), and those that wait here learn from the first that there is no hope.
    private final ReentrantLock turn = new ReentrantLock(true);
    private @Nullable Outage outage;
    private @Nullable Long nextUseful;

    /**
     * @param random for delays
     */
    Breaker(DestinationName destination, WorkerMetrics metrics, ProcessClock time, RandomGenerator random) {
        this.destination = destination;
        this.metrics = metrics;
        this.time = time;
        this.random = random;
    }

    /** What is done to reach the destination. */
    interface Trial {
        RemoteFiles connect() throws TransferException;
    }

    /**
     * What keeps the destination from being used.
     *
     * @param pace     how soon it is tried again
     * @param failures in a row at this pace, 1 or more
     * @param delay    between the last trial and the next
     * @param next     when the next trial may be made, by the process's own time
     * @param failure  what the last trial found
     */
    private record Outage(Instant began, Pace pace, int failures, Duration delay, long next, Failure failure) {}

    private enum Pace {
        /** A server that does not answer; it may be back soon. */
        BRISK(Duration.ofSeconds(5), Duration.ofMinutes(10)),
        /** A login or a host key that is refused: repeats lock accounts and get networks banned, and people must act. */
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

        /** The longest wait after so many failures in a row. */
        Duration ceiling(int failures) {
            return new Backoff(shortest, longest).after(failures);
        }
    }

    /**
     * Makes a connection, unless it is known to be no use now.
     *
     * @param others counts the connections to the destination that are open; while there is one, it is not down
     * @throws DestinationDownException whatever the trial failed with
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
            // Whoever made the trial makes the next one too, at the first moment that it may be made.
            throw new DestinationDownException(e.failure(), told(open(e.failure(), others.getAsInt()).next()));
        } finally {
            turn.unlock();
        }
    }

    /**
     * Makes a connection that nobody needs, but that would be of use. That it cannot be made is nothing that others have to
     * hear of; it is not tried while the destination is known to be down, nor soon after it failed.
     */
    Optional<RemoteFiles> connectIfWell(Trial trial) {
        // Whoever needs a connection goes first.
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

    /** The moment as others are told it. */
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
            // A network that was banned for its failed logins looks like a server that is down.
            pace = Pace.SLOW;
        }
        int failures = before != null && before.pace() == pace ? before.failures() + 1 : 1;
        // At least half of the ceiling, so that the delays grow, and not all of it, so that workers go separate ways.
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
