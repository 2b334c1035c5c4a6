package io.waybill.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testkit.RequiresOpenSsh;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger and not the group's offsets says where a partition stands, whatever tools and time do to these. */
@RequiresOpenSsh
@RequiresInotify
final class OffsetToolsIT {
    private static final int FILES = 60;
    private static final Duration START = Duration.ofMinutes(3);

    @TempDir
    private Path directory;

    /** What an operator does to the group while no worker runs. */
    private interface Tool {
        void change(WorkerGroup group) throws InterruptedException;
    }

    @Test
    @SuppressWarnings("try") // closing may be interrupted, and says so
    void shouldNeitherRepeatNorSkipAFileWhateverBecomesOfTheGroupsOffsets() throws Exception {
        List<Tool> tools = List.of(
                group -> group.reset(moved(group, _ -> 0L)),
                group -> group.reset(moved(group, offset -> offset + 1_000_000)),
                group -> group.reset(moved(group, offset -> Math.max(0, offset - 7))),
                WorkerGroup::delete);
        try (var installation = new Installation(directory, 1)) {
            work(installation);
            for (Tool tool : tools) {
                installation.group().awaitWithout("worker");
                tool.change(installation.group());
                work(installation);
            }
            assertThat(installation.history().violations()).isEmpty();
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> moved(WorkerGroup group, UnaryOperator<Long> move)
            throws InterruptedException {
        return group.offsets().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> new OffsetAndMetadata(move.apply(entry.getValue().offset()))));
    }

    private static void work(Installation installation) throws InterruptedException {
        try (var worker = installation.worker("worker", Protocol.TWO_PHASE)) {
            worker.start(List.of());
            worker.awaitReady(START);
            for (int i = 0; i < FILES; i++) {
                installation.load().put();
            }
            installation.awaitAllEnded();
            worker.end();
        }
    }
}
