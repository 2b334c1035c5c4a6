package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.e2e.LauncherProcess;
import io.waybill.testkit.FreePort;
import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RequiresUserNamespaces;
import io.waybill.testkit.kube.pod.ContainerEnd;
import io.waybill.testkit.npm.RequiresNpm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One pod of each service, as a cluster would run it. The tests that take minutes are tagged as long. */
@RequiresNpm
@RequiresUserNamespaces
@RequiresOpenSsh
@SuppressWarnings("try") // closing may be interrupted, and says so
final class PodsIT {
    private static final String WORKER = PodStack.WORKER + "-0";
    private static final int FILES_PER_SECOND = 20;
    private static final int FAULT_OF_THE_CONFIGURATION = 2;

    @TempDir
    private Path directory;

    @Test
    void shouldDeliverFromPodsThatStartAndEndInOrder() throws Exception {
        try (var stack = new PodStack(directory, List.of(directory.resolve("node-1")), Duration.ofSeconds(15));
                var arrivals = new Arrivals(directory.resolve("arrivals"), stack.config());
                var deliveries = new Deliveries(stack, arrivals)) {
            try (var twin = twin(stack)) {
                stack.start();
                var flow = arrivals.flow(FILES_PER_SECOND);
                await("the end of one of two workers of one name").until(() -> !twin.isAlive());
                flow.stop();
                assertThat(twin.exitCode()).isEqualTo(FAULT_OF_THE_CONFIGURATION);
            }
            assertThat(Files.readAllLines(twinLog())).filteredOn(line -> line.contains("Services ended; mend"))
                    .singleElement().asString()
                    .contains("another process runs with '" + WORKER + "' as well");
            deliveries.awaitAll(Duration.ofMinutes(2));
            assertThat(stack.answers()).isTrue();
            // If the pod was the elder, it ended, too, and was started again.
            int ended = stack.kube().ends().size();
            assertThat(stack.kube().ends()).hasSizeLessThan(2).allSatisfy(end -> {
                assertThat(end.pod()).isEqualTo(WORKER);
                assertThat(end.exitCode()).isEqualTo(FAULT_OF_THE_CONFIGURATION);
            });

            stack.kube().restart(PodStack.WORKER);
            arrivals.small();
            await("the worker's next pod").until(() -> stack.kube().ends().size() > ended);
            stack.awaitSettled();
            deliveries.awaitAll(Duration.ofMinutes(2));
            deliveries.assertExactlyOnce();
            for (String workload : stack.kube().workloads()) {
                stack.kube().scale(workload, 0);
            }
            stack.awaitSettled();

            assertThat(stack.kube().ends()).filteredOn(end -> !end.asked()).hasSize(ended);
            assertThat(stack.kube().ends()).filteredOn(ContainerEnd::asked).hasSize(6).allSatisfy(end -> {
                assertThat(end.exitCode()).as(end.toString()).isZero();
                assertThat(end.killed()).as(end.toString()).isFalse();
            });
        }
    }

    /** Starts a worker beside the pods, with the name of one of them. */
    private LauncherProcess twin(PodStack stack) throws IOException {
        return LauncherProcess.start(twinLog(), List.of(
                "run", "transfer-worker", "--config", stack.outside().toString(),
                "--set", "worker.id=" + WORKER, "--set", "http.port=" + FreePort.find()));
    }

    private Path twinLog() {
        return directory.resolve("twin.log");
    }
}
