package io.waybill.e2e.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks the API again and again, and measures for how long it does not answer. */
final class ApiWatch {
    private static final long EVERY_MILLIS = 50;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final PodStack stack;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread asking;
    private volatile Duration longest = Duration.ZERO;

    private ApiWatch(PodStack stack) {
        this.stack = stack;
        asking = Thread.ofPlatform().name("api-watch").start(this::ask);
    }

    /** Begins to ask; returns after the first answer. */
    static ApiWatch of(PodStack stack) throws InterruptedException {
        var watch = new ApiWatch(stack);
        if (!watch.answered.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            watch.asking.interrupt();
            throw new AssertionError("the API does not answer");
        }
        return watch;
    }

    private void ask() {
        long last = System.nanoTime();
        boolean open = true;
        try {
            // The last question is one that is answered, so that no time without an answer is cut short.
            while (!stopping.await(EVERY_MILLIS, TimeUnit.MILLISECONDS) || open) {
                open = !stack.answers();
                if (open) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS));
                } else {
                    long now = System.nanoTime();
                    Duration gap = Duration.ofNanos(now - last);
                    longest = answered.getCount() == 0 && gap.compareTo(longest) > 0 ? gap : longest;
                    last = now;
                    answered.countDown();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops after an answer; returns the longest time between two answers. */
    Duration stop() throws InterruptedException {
        stopping.countDown();
        if (!asking.join(LIMIT)) {
            asking.interrupt();
            throw new AssertionError("the API does not answer any more");
        }
        return longest;
    }
}
