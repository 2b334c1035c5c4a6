package io.waybill.sftp.flow;

import java.util.OptionalInt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many bytes this worker may send to a destination, over all its connections. The ticks of a scheduler allow the bytes
 * in small parts. Bytes that are not used are lost, except those of one tick. Any thread.
 */
public final class RateLimit {
    private static final int TICKS_PER_SECOND = 20;

    private final boolean limited;
    private final long perTick;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition more = lock.newCondition();
    private long allowed;

    private RateLimit(OptionalInt bytesPerSecond) {
        this.limited = bytesPerSecond.isPresent();
        this.perTick = Math.max(1, bytesPerSecond.orElse(0) / TICKS_PER_SECOND);
    }

    /**
     * A limit that ticks as long as the scheduler runs.
     *
     * @param bytesPerSecond empty for no limit
     */
    public static RateLimit of(OptionalInt bytesPerSecond, ScheduledExecutorService ticker) {
        var limit = new RateLimit(bytesPerSecond);
        if (limit.limited) {
            long period = TimeUnit.SECONDS.toMillis(1) / TICKS_PER_SECOND;
            var _ = ticker.scheduleAtFixedRate(limit::tick, period, period, TimeUnit.MILLISECONDS);
        }
        return limit;
    }

    /** A limit that only calls of {@link #tick} fill up. */
    static RateLimit of(int bytesPerSecond) {
        return new RateLimit(OptionalInt.of(bytesPerSecond));
    }

    /** Waits until bytes may be sent. If {@code bytes} is more than one tick allows, the next callers wait for the rest. */
    public void await(int bytes) throws InterruptedException {
        if (!limited) {
            return;
        }
        lock.lock();
        try {
            while (allowed <= 0) {
                more.await();
            }
            allowed -= bytes;
        } finally {
            lock.unlock();
        }
    }

    void tick() {
        lock.lock();
        try {
            allowed = Math.min(allowed + perTick, perTick);
            more.signal();
        } finally {
            lock.unlock();
        }
    }
}
