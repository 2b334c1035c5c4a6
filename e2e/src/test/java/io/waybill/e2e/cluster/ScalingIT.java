package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RequiresUserNamespaces;
import io.waybill.testkit.kube.KubeStandIn;
import io.waybill.testkit.npm.RequiresNpm;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ScaledObject decides how many workers there are. */
@Tag("long")
@RequiresNpm
@RequiresUserNamespaces
@RequiresOpenSsh
@SuppressWarnings("try") // closing may be interrupted, and says so
final class ScalingIT {
    private static final long MIB = 1 << 20;
    private static final int LARGE = 1024;
    private static final int LARGE_FILES = 3;
    private static final int BACKLOG = 250;
    private static final double MOST_FILES_PER_SECOND = 50;
    private static final int BURST = 50;
    private static final int MOST = 6;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    @Test
    void shouldLoseAndRepeatNothingWhileWorkersComeAndGoByTheirLag() throws Exception {
        try (var stack = new PodStack(directory, Duration.ofSeconds(5));
                var arrivals = new Arrivals(directory.resolve("arrivals"), stack.config());
                var deliveries = new Deliveries(stack, arrivals)) {
            stack.hold();
            arrivals.prepareLarge(LARGE_FILES, LARGE);
            stack.goOn();
            stack.start();
            double sustained = Sustained.rate(arrivals, deliveries);
            stack.start(DeployedManifests.KEDA);
            var flow = arrivals.flow(Math.min(MOST_FILES_PER_SECOND, sustained / 2));
            await("six workers").atMost(LIMIT).until(() -> {
                if (deliveries.open() < BACKLOG) {
                    Sustained.put(arrivals, BURST);
                }
                return stack.kube().replicas(PodStack.WORKER) == MOST;
            });
            stack.awaitSettled();
            long before = stack.bytesOfLargeFiles();
            arrivals.release();
            stack.release();
            await("one worker again").atMost(LIMIT).until(() -> stack.kube().replicas(PodStack.WORKER) == 1);
            stack.awaitSettled();
            int flowed = flow.stop();
            deliveries.awaitAll(LIMIT);
            Duration settled = Lag.awaitZero(stack);
            Duration aborted = Lag.awaitZeroAfterAborts(stack);

            long again = stack.bytesOfLargeFiles() - before - arrivals.bytesOfLarge();
            var decided = stack.kube().scalings(PodStack.WORKER);
            var resumed = stack.resumed();
            Figures.print("scaling: sustained %.0f files/s, then %d files in a flow, %d in all and %d of 1 GiB"
                    .formatted(sustained, flowed, arrivals.digests().size(), LARGE_FILES));
            Figures.print("scaling: decisions %s".formatted(decided));
            Figures.print("scaling: resumed %s, %d MiB above the sizes of large files"
                    .formatted(resumed, again / MIB));
            Figures.print("scaling: lag 0 after %d ms, after aborted transactions %d ms"
                    .formatted(settled.toMillis(), aborted.toMillis()));
            deliveries.assertExactlyOnce();
            assertThat(decided).extracting(KubeStandIn.Scaling::replicas).contains(MOST).endsWith(1);
            // A pod that was killed was still sending when its grace was over.
            assertThat(stack.kube().ends()).hasSizeGreaterThanOrEqualTo(MOST - 1).allSatisfy(end -> {
                assertThat(end.exitCode()).as(end.toString()).isZero();
                assertThat(end.killed()).as(end.toString()).isFalse();
            });
            // All files and interruptions together; and what the protocol adds.
            assertThat(again).isLessThan(64 * MIB + arrivals.bytesOfLarge() / 100);
        }
    }
}
