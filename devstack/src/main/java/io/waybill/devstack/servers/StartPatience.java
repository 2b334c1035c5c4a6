package io.waybill.devstack.servers;

import io.waybill.runtime.time.ProcessClock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Decides how long to wait for a process that starts: as long as it works, however slow the machine is. One thread. */
final class StartPatience {
    private final Duration idleLimit;
    private final Duration limit;
    private final ProcessClock clock;
    private final long began;
    private long lastProgress;
    private Duration worked = Duration.ZERO;

    /**
     * The waiting begins now.
     *
     * @param idleLimit the longest time without progress
     * @param limit     the longest time with progress
     */
    StartPatience(Duration idleLimit, Duration limit, ProcessClock clock) {
        this.idleLimit = idleLimit;
        this.limit = limit;
        this.clock = clock;
        began = clock.nanos();
        lastProgress = began;
    }

    /**
     * The reason to wait no longer; empty while there is none.
     *
     * @param workedSoFar the processor time of the process
     */
    Optional<String> fault(Duration workedSoFar) {
        if (workedSoFar.compareTo(worked) > 0) {
            worked = workedSoFar;
            lastProgress = clock.nanos();
        }
        Duration idle = clock.since(lastProgress);
        Duration waited = clock.since(began);
        String used = String.format(Locale.ROOT, "after %.1f s of processor time", worked.toMillis() / 1000.0);
        if (idle.compareTo(idleLimit) >= 0) {
            return Optional.of("it made no progress for " + idle.toSeconds() + " s, " + used);
        }
        return waited.compareTo(limit) >= 0
                ? Optional.of("it is not ready after " + waited.toSeconds() + " s, " + used)
                : Optional.empty();
    }
}
