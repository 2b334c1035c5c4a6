package io.waybill.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.worker.Experiment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exactly once, through faults at every step. {@code -Dwaybill.crash.faults} says how many, {@code -Dwaybill.crash.seed}
 * which.
 */
@RequiresOpenSsh
@RequiresInotify
final class CrashMatrixIT {
    /** What the workers said stays for whoever looks into a failure. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void shouldDeliverEveryFileExactlyOnceThroughFaultsAtEveryStep() throws Exception {
        int faults = Integer.getInteger("waybill.crash.faults", 40);
        long seed = Long.getLong("waybill.crash.seed", 20_260_101L);

        CrashReport report = new CrashRun(directory, Experiment.Protocol.TWO_PHASE, 3, seed)
                .run((passed, rare) -> Schedule.drawn(seed, faults, passed, rare))
                .publish("crash-report.md");

        assertThat(report.violations()).as("seed %d", seed).isEmpty();
        assertThat(report.log().done()).as("faults that happened").hasSizeGreaterThan(faults * 3 / 4);
    }
}
