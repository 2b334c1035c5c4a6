package io.waybill.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RequiresProFtpd;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exactly once, through faults at every step, for files with several versions, while an operator cancels, redrives and resends.
 * {@code -Dwaybill.crash.faults} says how many faults, {@code -Dwaybill.crash.seed} which, and
 * {@code -Dwaybill.crash.profile} at which server: {@code openssh}, {@code proftpd}, {@code class-c}, or {@code all} with
 * that many at each. Without a profile, half of them happen at OpenSSH and the others at the other two.
 */
@RequiresOpenSsh
@RequiresInotify
final class CrashMatrixIT {
    private static final String SHARED = "";
    private static final String ALL = "all";

    /** What the workers said stays for whoever looks into a failure. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void shouldDeliverEveryFileExactlyOnceThroughFaultsAtEveryStep() throws Exception {
        run(Profile.OPENSSH, 2);
    }

    @Test
    @RequiresProFtpd
    void shouldDeliverEveryFileExactlyOnceToAServerThatSyncsNoDirectory() throws Exception {
        run(Profile.PROFTPD, 4);
    }

    @Test
    void shouldDeliverEveryFileExactlyOnceToAServerThatDoesNotReplaceInOneStep() throws Exception {
        run(Profile.CLASS_C, 4);
    }

    /**
     * @param share of the faults that happen here if no profile was asked for: one half, or one quarter
     */
    private void run(Profile profile, int share) throws Exception {
        String asked = System.getProperty("waybill.crash.profile", SHARED);
        assumeTrue(asked.equals(SHARED) || asked.equals(ALL) || asked.equals(profile.toString()));
        int all = Integer.getInteger("waybill.crash.faults", 40);
        int faults = asked.equals(SHARED) ? Math.ceilDiv(all, share) : all;
        long seed = Long.getLong("waybill.crash.seed", 20_260_101L);

        CrashReport report = new CrashRun(
                directory, new Scenario(profile, true), Protocol.TWO_PHASE, 3, seed)
                .run((passed, rare) -> Schedule.drawn(seed, faults, passed, rare))
                .publish("crash-report-" + profile + ".md");

        assertThat(report.violations()).as("seed %d", seed).isEmpty();
        // A slow machine reaches the end of the time before the end of the faults; the report says how many there were.
        assertThat(report.log().done()).as("faults that happened").hasSizeGreaterThan(faults / 2);
    }
}
