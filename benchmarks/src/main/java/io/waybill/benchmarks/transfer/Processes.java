package io.waybill.benchmarks.transfer;

import java.util.concurrent.TimeUnit;

/** What is done alike to every process that a benchmark starts. */
public final class Processes {
    private static final long STOP_SECONDS = 15;

    private Processes() {}

    /** Asks a process to end, and makes it end if it does not in time. */
    public static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
