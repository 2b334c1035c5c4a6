package io.waybill.ingest;

import java.util.function.BooleanSupplier;

/** Waits for what another thread does; the deadline is the test's own. */
final class Eventually {
    private Eventually() {}

    static void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("what was waited for did not come");
            }
            Thread.onSpinWait();
        }
    }
}
