package io.waybill.launcher.cli;

import io.waybill.launcher.environment.CommandException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The time between two questions to somebody who cannot tell us when the answer changes. */
final class Pause {
    private final CountDownLatch never = new CountDownLatch(1);

    void between(Duration time) {
        try {
            boolean _ = never.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failed("interrupted");
        }
    }
}
