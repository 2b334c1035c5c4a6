package io.waybill.runtime.kafka;

import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Ends a process whose transactional id another process uses as well: the two would fence each other for ever. One
 * fencing is no proof, because a restarted process fences its earlier self, which may live a little longer. The earlier
 * process takes its id back once, is fenced again and ends. Each process before it fences the later process once at
 * most. So of two processes, the one that started last continues. One thread.
 */
public final class FencingGuard {
    /** A guard that lets everything pass. */
    public static final FencingGuard NONE = new FencingGuard(
            "", "", Duration.ZERO, ProcessClock.of(() -> Instant.EPOCH, () -> 0));

    private static final int MOST = 2;

    private final String key;
    private final String id;
    private final Duration timeout;
    private final ProcessClock time;
    private Instant began = Instant.EPOCH;
    private long beganNanos;
    private int fenced;

    /**
     * @param key     the configuration key that makes the transactional id unique to this process
     * @param id      its value here
     * @param timeout after which the coordinator ends a transaction, which fences the producer as well
     */
    public FencingGuard(String key, String id, Duration timeout, ProcessClock time) {
        this.key = key;
        this.id = id;
        this.timeout = timeout;
        this.time = time;
    }

    /** A transaction is about to begin. */
    public void begin() {
        began = time.instant();
        beganNanos = time.nanos();
    }

    /**
     * A transaction failed, for good or not.
     *
     * @param failures the failures of its steps
     * @throws BadConfigurationException if another process has this process's id
     */
    public void failed(List<? extends Throwable> failures) {
        if (failures.stream().noneMatch(FencingGuard::fences) || tookTooLong()) {
            return;
        }
        fenced++;
        if (fenced >= MOST) {
            throw new BadConfigurationException(List.of(key + ": another process runs with '" + id
                    + "' as well, and the two fence each other; give each process a " + key + " of its own"));
        }
    }

    private static boolean fences(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    /** By either clock: one stops while the machine sleeps, the other may be set. */
    private boolean tookTooLong() {
        Duration enough = timeout.dividedBy(2);
        return time.since(beganNanos).compareTo(enough) >= 0
                || Duration.between(began, time.instant()).compareTo(enough) >= 0;
    }
}
