package io.waybill.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How many small files a second the pods deliver without faults. */
final class Sustained {
    private static final int WARM_UP = 100;
    private static final int BURST = 50;
    private static final int MOST_OPEN = 150;
    private static final int AT_ONCE = 4;
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration FLOOD = Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Sustained() {}

    /** Files per second, from the first of a flood until the last of it is delivered. */
    static double rate(Arrivals arrivals, Deliveries deliveries) {
        put(arrivals, WARM_UP);
        deliveries.awaitAll(LIMIT);
        long before = deliveries.completed();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < FLOOD.toNanos()) {
            if (deliveries.open() < MOST_OPEN) {
                put(arrivals, BURST);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        deliveries.awaitAll(LIMIT);
        double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        return (deliveries.completed() - before) / seconds;
    }

    static void put(Arrivals arrivals, int count) {
        try (var putting = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < count; i++) {
                putting.execute(() -> small(arrivals));
            }
        }
    }

    private static void small(Arrivals arrivals) {
        try {
            arrivals.small();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
