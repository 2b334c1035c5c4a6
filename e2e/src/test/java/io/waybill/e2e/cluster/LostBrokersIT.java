package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;

import io.waybill.testkit.RequiresOpenSsh;
import io.waybill.testkit.RequiresUserNamespaces;
import io.waybill.testkit.brokers.BrokerNode;
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

/** Brokers go and come back while files flow. */
@Tag("long")
@RequiresNpm
@RequiresUserNamespaces
@RequiresOpenSsh
@SuppressWarnings("try") // closing may be interrupted, and says so
final class LostBrokersIT {
    private static final double FILES_PER_SECOND = 10;
    private static final int MORE = 100;
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    private Path directory;

    @Test
    void shouldLoseAndRepeatNothingWhenTheControllerFailsBrokersRestartAndTwoAreLost() throws Exception {
        try (var stack = new PodStack(directory, Duration.ofSeconds(15));
                var arrivals = new Arrivals(directory.resolve("arrivals"), stack.config());
                var deliveries = new Deliveries(stack, arrivals);
                var admin = Admin.create(Map.<String, Object>of(
                        "bootstrap.servers", stack.brokers().bootstrapServers(), "enable.metrics.push", false))) {
            stack.start();
            var flow = arrivals.flow(FILES_PER_SECOND);
            awaitMore(deliveries);

            var controller = stack.brokers().node(controller(admin));
            controller.kill();
            long lost = System.nanoTime();
            awaitMore(deliveries);
            Figures.print("brokers: %d more files %d s after the loss of the controller".formatted(MORE, since(lost)));
            controller.start();
            awaitInSync(admin);

            for (BrokerNode node : stack.brokers().nodes()) {
                node.stop();
                node.start();
                awaitInSync(admin);
            }
            awaitMore(deliveries);

            var second = stack.brokers().node(controller(admin));
            var third = stack.brokers().node(second.id() % 3 + 1);
            second.kill();
            third.kill();
            // Longer than sessions and requests last.
            awaitFor(Duration.ofSeconds(30));
            long back = System.nanoTime();
            second.start();
            third.start();
            awaitInSync(admin);
            awaitMore(deliveries);
            Figures.print("brokers: %d more files %d s after two of three are back".formatted(MORE, since(back)));

            int flowed = flow.stop();
            deliveries.awaitAll(LIMIT);
            stack.awaitSettled();
            Duration settled = Lag.awaitZero(stack);
            Figures.print("brokers: %d files, lag 0 after %d ms, %s".formatted(flowed, settled.toMillis(),
                    stack.kube().ends()));
            deliveries.assertExactlyOnce();
        }
    }

    @Test
    @RequiresMount
    void shouldLoseAndRepeatNothingWhenTheDiskOfOneBrokerIsFull() throws Exception {
        try (var disk = SmallDisk.at(directory.resolve("disk"));
                var stack = new PodStack(
                        directory,
                        List.of(directory.resolve("node-1"), directory.resolve("node-2"), disk.directory()),
                        Duration.ofSeconds(15));
                var arrivals = new Arrivals(directory.resolve("arrivals"), stack.config());
                var deliveries = new Deliveries(stack, arrivals);
                var admin = Admin.create(Map.<String, Object>of(
                        "bootstrap.servers", stack.brokers().bootstrapServers(), "enable.metrics.push", false))) {
            stack.start();
            var flow = arrivals.flow(FILES_PER_SECOND);
            awaitMore(deliveries);

            var node = stack.brokers().node(3);
            disk.fill();
            await("the broker to give up").atMost(LIMIT).until(() -> !node.isAlive());
            awaitMore(deliveries);
            disk.free();
            node.start();
            awaitInSync(admin);
            awaitMore(deliveries);

            int flowed = flow.stop();
            deliveries.awaitAll(LIMIT);
            stack.awaitSettled();
            Duration settled = Lag.awaitZero(stack);
            Figures.print("full disk: %d files, lag 0 after %d ms".formatted(flowed, settled.toMillis()));
            deliveries.assertExactlyOnce();
        }
    }

    private static int controller(Admin admin) throws Exception {
        return admin.describeMetadataQuorum().quorumInfo().get(20, TimeUnit.SECONDS).leaderId();
    }

    private static void awaitMore(Deliveries deliveries) {
        long before = deliveries.completed();
        await("more files").atMost(LIMIT).until(() -> deliveries.completed() >= before + MORE);
    }

    private static void awaitFor(Duration time) {
        long begin = System.nanoTime();
        await("the time").until(() -> System.nanoTime() - begin > time.toNanos());
    }

    private static void awaitInSync(Admin admin) {
        await("all replicas in sync").atMost(LIMIT).ignoreExceptions().until(() -> {
            var names = admin.listTopics().names().get(20, TimeUnit.SECONDS);
            return admin.describeTopics(names).allTopicNames().get(20, TimeUnit.SECONDS).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.isr().size() == 3);
        });
    }

    private static long since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toSeconds();
    }
}
