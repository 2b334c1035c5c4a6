package io.waybill.worker.connections;

import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FileId;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.connections.Downtime.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a worker from sending files to a directory of a destination that has no room left. One file may be too large for
 * what is left, so only several files in a row, with none delivered between them, open the breaker. Then no file loses an
 * attempt, and after a delay that grows with each failure one file is sent to see. The first delivery closes the breaker.
 * Any thread.
 */
final class RoomBreaker {
    /** So many different files that are refused in a row are no longer the fault of their sizes. */
    static final int FILES = 3;

    /** A large file may be on its way for hours before it shows whether there is room. */
    private static final Duration BETWEEN_TRIALS = Downtime.Pace.BRISK.ceiling(1);

    private static final Logger LOG = LoggerFactory.getLogger(RoomBreaker.class);

    private final DestinationName destination;
    private final String directory;
    private final ProcessClock time;
    private final Consumer<Place> recovered;
    private final Downtime downtime;
    private final ReentrantLock turn = new ReentrantLock();
    private final Set<FileId> refused = new HashSet<>();
    private @Nullable Long nextTrial;

    /**
     * @param random    randomises the delays
     * @param recovered takes the destination when there is room again; does not wait
     */
    RoomBreaker(
            DestinationName destination,
            String directory,
            ProcessClock time,
            RandomGenerator random,
            Consumer<Place> recovered) {
        this.destination = destination;
        this.directory = directory;
        this.time = time;
        this.recovered = recovered;
        this.downtime = new Downtime(time, random);
    }

    /**
     * Returns if a file may be sent.
     *
     * @throws DestinationDownException if not
     */
    void admit() throws DestinationDownException {
        turn.lock();
        try {
            Optional<Outage> known = downtime.outage();
            if (known.isEmpty()) {
                return;
            }
            boolean early = downtime.blocking().isPresent() || nextTrial != null && !time.isOver(nextTrial);
            if (early) {
                throw new DestinationDownException(known.get().failure(), downtime.comeBack(known.get()));
            }
            downtime.trying();
            nextTrial = time.after(BETWEEN_TRIALS);
        } finally {
            turn.unlock();
        }
    }

    /**
     * There was no room for a file.
     *
     * @return when to send it again, if the directory and not the file is to blame
     */
    Optional<Instant> full(FileId file, Failure failure) {
        turn.lock();
        try {
            Optional<Outage> blocking = downtime.blocking();
            if (blocking.isPresent()) {
                // It was on its way when the breaker opened, and says nothing new.
                return blocking.map(downtime::comeBack);
            }
            if (!downtime.down()) {
                refused.add(file);
                if (refused.size() < FILES) {
                    return Optional.empty();
                }
                refused.clear();
            }
            return Optional.of(failed(failure));
        } finally {
            turn.unlock();
        }
    }

    private Instant failed(Failure failure) {
        Optional<Outage> before = downtime.outage();
        Outage found = downtime.failed(failure);
        if (Downtime.grows(before, found)) {
            LOG.atWarn()
                    .addKeyValue("destination", destination)
                    .addKeyValue("directory", directory)
                    .addKeyValue("failure", failure)
                    .addKeyValue("retryAt", downtime.nextTry(found))
                    .log("A directory has no room left; its files wait");
        }
        return downtime.nextTry(found);
    }

    /** A file was delivered. */
    void delivered() {
        turn.lock();
        try {
            refused.clear();
            downtime.succeeded().ifPresent(over -> {
                LOG.atInfo()
                        .addKeyValue("destination", destination)
                        .addKeyValue("directory", directory)
                        .addKeyValue("fullSince", over.began())
                        .log("A directory has room again");
                recovered.accept(new Place.Destination(destination));
            });
        } finally {
            turn.unlock();
        }
    }

    /** Somebody says that the destination may be tried. */
    boolean release(Release.Cause cause) {
        return downtime.release(cause);
    }
}
