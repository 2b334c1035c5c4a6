package io.waybill.sftp;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts milliseconds by the ticks of a scheduler until it is stopped: enough to tell a long line from a short one. */
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

    /** How long it took from the beginning to the first call. */
    Duration end() {
        ticks.cancel(false);
        return Duration.ofMillis(millis.get());
    }
}
