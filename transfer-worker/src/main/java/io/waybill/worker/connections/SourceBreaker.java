package io.waybill.worker.connections;

import io.waybill.domain.Failure;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.worker.connections.Downtime.Outage;
import io.waybill.worker.metrics.WorkerMetrics;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The breaker of one bucket. Any thread. */
final class SourceBreaker {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedSource.class);

    private final String bucket;
    private final BooleanSupplier answers;
    private final WorkerMetrics metrics;
    private final Consumer<Place> recovered;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Downtime downtime;
    private volatile boolean shown;
    /** Whether a caller asks for the bucket itself. With the lock. */
    private boolean asking;

    /**
     * @param answers whether the store answers for the bucket
     */
    SourceBreaker(
            String bucket,
            BooleanSupplier answers,
            WorkerMetrics metrics,
            ProcessClock time,
            RandomGenerator random,
            Consumer<Place> recovered) {
        this.bucket = bucket;
        this.answers = answers;
        this.metrics = metrics;
        this.recovered = recovered;
        this.downtime = new Downtime(time, random);
    }

    /**
     * Returns if the bucket may be asked for an object.
     *
     * @throws SourceDownException if not
     */
    void admit() throws SourceDownException {
        if (downtime.down() && begins()) {
            boolean up = false;
            try {
                // Not with an object: it may have a fault of its own, and others would wait for it.
                up = answers.getAsBoolean();
            } finally {
                ended();
            }
            if (!up) {
                throw down(GuardedSource.noAnswer(bucket));
            }
        }
    }

    /**
     * Whether the caller must ask for the bucket itself. The others do not wait for the answer, which may take minutes:
     * meanwhile their lanes have files of other buckets to send.
     */
    private boolean begins() throws SourceDownException {
        turn.lock();
        try {
            Optional<Outage> known = asking ? downtime.outage() : downtime.blocking();
            if (known.isPresent()) {
                throw new SourceDownException(known.get().failure(), downtime.comeBack(known.get()));
            }
            if (!downtime.down()) {
                return false;
            }
            downtime.trying();
            asking = true;
            return true;
        } finally {
            turn.unlock();
        }
    }

    private void ended() {
        turn.lock();
        try {
            asking = false;
        } finally {
            turn.unlock();
        }
    }

    /** The store did not answer a question, and no object is the reason. */
    SourceDownException down(Failure failure) {
        turn.lock();
        try {
            Optional<Outage> known = downtime.blocking();
            // Questions that were on their way when the store went down say nothing new.
            return known.isPresent()
                    ? new SourceDownException(failure, downtime.comeBack(known.get()))
                    : failed(failure);
        } finally {
            turn.unlock();
        }
    }

    private SourceDownException failed(Failure failure) {
        Optional<Outage> before = downtime.outage();
        Outage found = downtime.failed(failure);
        metrics.sourceReachable(bucket, false);
        if (Downtime.grows(before, found)) {
            LOG.atWarn()
                    .addKeyValue("bucket", bucket)
                    .addKeyValue("failure", failure)
                    .addKeyValue("retryAt", downtime.nextTry(found))
                    .log("A bucket cannot be read; its files wait");
        }
        return new SourceDownException(failure, downtime.nextTry(found));
    }

    /** A question about an object was answered, whatever the answer. */
    void up() {
        if (!downtime.down() && shown) {
            return;
        }
        turn.lock();
        try {
            shown = true;
            metrics.sourceReachable(bucket, true);
            downtime.succeeded().ifPresent(over -> {
                LOG.atInfo()
                        .addKeyValue("bucket", bucket)
                        .addKeyValue("downSince", over.began())
                        .log("A bucket can be read again");
                recovered.accept(new Place.Bucket(bucket));
            });
        } finally {
            turn.unlock();
        }
    }

    boolean release(Release.Cause cause) {
        return downtime.release(cause);
    }
}
