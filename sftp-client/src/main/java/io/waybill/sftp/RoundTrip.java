package io.waybill.sftp;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts milliseconds by the ticks of a scheduler until it is stopped. This is precise enough to distinguish a long line
 * from a short one.
 */
final class RoundTrip {
    private final AtomicInteger millis = new AtomicInteger();
    private final ScheduledFuture<?> ticks;

    private RoundTrip(ScheduledExecutorService ticker) {
        ticks = ticker.scheduleAtFixedRate(millis::incrementAndGet, 1, 1, TimeUnit.MILLISECONDS);
    }

    /** Begins to count. */
    static RoundTrip begin(ScheduledExecutorService ticker) {
        return new RoundTrip(ticker);
    }

    /** The time from the beginning to the first call of this method. */
    Duration end() {
        ticks.cancel(false);
        return Duration.ofMillis(millis.get());
    }
}
