package io.waybill.devstack.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for conditions that no callback announces. */
final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Await() {}

    /** Asks again and again, and fails when half a minute did not make it true. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        long latest = System.nanoTime() + LIMIT.toNanos(); // allow clock: a test waits by the wall clock
        boolean met = condition.call();
        while (!met && System.nanoTime() < latest) { // allow clock: a test waits by the wall clock
            TimeUnit.MILLISECONDS.sleep(20); // allow sleep: between two looks at the condition
            met = condition.call();
        }
        assertThat(met).as(what).isTrue();
    }
}
