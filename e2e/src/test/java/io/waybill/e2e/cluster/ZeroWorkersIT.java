package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RequiresUserNamespaces;
import io.waybill.testkit.kube.KubeStandIn;
import io.waybill.testkit.npm.RequiresNpm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody works for two weeks, after which Kafka has forgotten the offsets of the group. */
@Tag("long")
@RequiresNpm
@RequiresUserNamespaces
@RequiresOpenSsh
@SuppressWarnings("try") // closing may be interrupted, and says so
final class ZeroWorkersIT {
    private static final String GROUP = "waybill.transfer-worker";
    private static final int FILES = 60;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    @Test
    void shouldWakeOneWorkerForOneFileAndSendNothingTwice() throws Exception {
        try (var stack = new PodStack(directory, List.of(directory.resolve("node-1")), Duration.ofSeconds(5));
                var arrivals = new Arrivals(directory.resolve("arrivals"), stack.config());
                var deliveries = new Deliveries(stack, arrivals);
                var admin = Admin.create(Map.<String, Object>of(
                        "bootstrap.servers", stack.brokers().bootstrapServers(), "enable.metrics.push", false))) {
            stack.start(DeployedManifests.KEDA_TO_ZERO);
            Sustained.put(arrivals, FILES);
            deliveries.awaitAll(LIMIT);
            await("no worker any more").atMost(LIMIT).until(() -> stack.kube().replicas(PodStack.WORKER) == 0);
            stack.awaitSettled();
            int before = stack.kube().scalings(PodStack.WORKER).size();

            admin.deleteConsumerGroups(List.of(GROUP)).all().get(30, TimeUnit.SECONDS);
            arrivals.small();
            await("a worker").atMost(LIMIT).until(() -> stack.kube().replicas(PodStack.WORKER) > 0);
            deliveries.awaitAll(LIMIT);
            await("no worker again").atMost(LIMIT).until(() -> stack.kube().replicas(PodStack.WORKER) == 0);
            stack.awaitSettled();

            var decided = stack.kube().scalings(PodStack.WORKER);
            Figures.print("zero workers: %d files, decisions %s".formatted(arrivals.digests().size(), decided));
            assertThat(decided.subList(before, decided.size()))
                    .extracting(KubeStandIn.Scaling::replicas)
                    .containsExactly(1, 0);
            deliveries.assertExactlyOnce();
            Lag.awaitZero(stack);
        }
    }
}
