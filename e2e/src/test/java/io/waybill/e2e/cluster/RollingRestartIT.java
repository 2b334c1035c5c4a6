package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.FileId;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RequiresUserNamespaces;
import io.waybill.testkit.npm.RequiresNpm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything is restarted while files flow. */
@Tag("long")
@RequiresNpm
@RequiresUserNamespaces
@RequiresOpenSsh
@SuppressWarnings("try") // closing may be interrupted, and says so
final class RollingRestartIT {
    private static final long MIB = 1 << 20;
    private static final int LARGE = 1024;
    private static final int LARGE_FILES = 5;
    private static final int AT_ONCE = 2;
    private static final double MOST_FILES_PER_SECOND = 50;
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofMinutes(4);

    /** As the guide to upgrades has it. */
    private static final List<String> ORDER = List.of(
            "waybill-state-processor",
            "waybill-timeout-monitor",
            "waybill-transfer-worker",
            "waybill-ingest-service",
            "waybill-audit-service");

    @TempDir
    private Path directory;

    @Test
    void shouldLoseAndRepeatNothingWhenEverythingIsRestartedUnderLoad() throws Exception {
        try (var stack = new PodStack(directory, Duration.ofSeconds(15));
                var arrivals = new Arrivals(directory.resolve("arrivals"), stack.config());
                var deliveries = new Deliveries(stack, arrivals)) {
            stack.hold();
            arrivals.prepareLarge(LARGE_FILES, LARGE);
            stack.goOn();
            stack.start();
            var idle = Footprint.begin();
            LockSupport.parkNanos(IDLE.toNanos());
            idle.print("idle");
            var busy = Footprint.begin();
            double sustained = Sustained.rate(arrivals, deliveries);
            busy.print("at %.0f files/s".formatted(sustained));
            Duration control = gapOfOneRestart(stack);

            long before = stack.bytesOfLargeFiles();
            var interrupted = new HashSet<FileId>();
            var flow = arrivals.flow(Math.min(MOST_FILES_PER_SECOND, sustained / 2));
            arrivals.release();
            stack.release();
            var watch = ApiWatch.of(stack);
            for (String workload : ORDER) {
                interrupted.addAll(restart(stack, deliveries, workload));
            }
            Duration gap = watch.stop();
            int flowed = flow.stop();
            deliveries.awaitAll(LIMIT);
            Duration settled = Lag.awaitZero(stack);
            Duration aborted = Lag.awaitZeroAfterAborts(stack);

            long again = stack.bytesOfLargeFiles() - before - arrivals.bytesOfLarge();
            var resumed = stack.resumed();
            Figures.print("rolling restart: sustained %.0f files/s, then %d files and %d of 1 GiB"
                    .formatted(sustained, flowed, LARGE_FILES));
            Figures.print(
                    "rolling restart: API gap %d ms, control %d ms".formatted(gap.toMillis(), control.toMillis()));
            Figures.print("rolling restart: %d large files interrupted, resumed %s, %d MiB above their sizes"
                    .formatted(interrupted.size(), resumed, again / MIB));
            Figures.print("rolling restart: lag 0 after %d ms, after aborted transactions %d ms"
                    .formatted(settled.toMillis(), aborted.toMillis()));
            deliveries.assertExactlyOnce();
            assertThat(stack.kube().ends()).allSatisfy(end -> {
                assertThat(end.exitCode()).as(end.toString()).isZero();
                assertThat(end.killed()).as(end.toString()).isFalse();
            });
            assertThat(gap).isLessThanOrEqualTo(control.multipliedBy(2));
            assertThat(interrupted).hasSizeGreaterThanOrEqualTo(AT_ONCE);
            assertThat(resumed).containsAll(interrupted.stream().map(FileId::toString).toList());
            // All files together; and what the protocol adds to them.
            assertThat(again).isLessThan(64 * MIB + arrivals.bytesOfLarge() / 100);
        }
    }

    /** Returns the large files that were under way when the worker's pod ended; none for another service. */
    private static Set<FileId> restart(PodStack stack, Deliveries deliveries, String workload) {
        boolean worker = workload.equals(PodStack.WORKER);
        if (worker) {
            awaitLargeFilesWellBegun(stack, deliveries);
        }
        var pod = stack.kube().pod(workload + "-0");
        stack.kube().restart(workload);
        await("the end of " + workload).until(pod::isGone);
        var underWay = worker ? deliveries.sendingLarge() : Set.<FileId>of();
        stack.awaitSettled();
        return underWay;
    }

    /** Returns when the same large files have been sent for a while. */
    private static void awaitLargeFilesWellBegun(PodStack stack, Deliveries deliveries) {
        var sending = new AtomicReference<Set<FileId>>(Set.of());
        var since = new AtomicLong();
        await("large files that are well begun").until(() -> {
            var now = deliveries.sendingLarge();
            long sent = stack.bytesOfLargeFiles();
            if (now.size() < AT_ONCE || !now.equals(sending.getAndSet(now))) {
                since.set(sent);
            }
            return sent - since.get() > now.size() * 100 * MIB;
        });
    }

    /** For how long the API is away when its pod is restarted without any load. */
    private static Duration gapOfOneRestart(PodStack stack) throws InterruptedException {
        var watch = ApiWatch.of(stack);
        int ends = stack.kube().ends().size();
        stack.kube().restart(PodStack.API);
        await("the end of its pod").until(() -> stack.kube().ends().size() > ends);
        stack.awaitSettled();
        return watch.stop();
    }
}
