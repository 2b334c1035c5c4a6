package io.waybill.runtime.time;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets time pass on the calling thread; a test's clock can drive it. Any thread. */
@FunctionalInterface
public interface Pause {
    /** Returns after the time, or earlier if nothing is left to wait for. */
    void take(Duration time) throws InterruptedException;

    /** A pause that only an interruption ends early. */
    static Pause full() {
        return until(new CountDownLatch(1));
    }

    /** A pause that is over as soon as the latch is down. */
    static Pause until(CountDownLatch end) {
        return time -> {
            boolean _ = end.await(time.toNanos(), TimeUnit.NANOSECONDS);
        };
    }
}
