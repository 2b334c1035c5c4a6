package io.waybill.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.LedgerMark.Position;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.HandClock;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class WorkTopicTruncatorTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(WorkTopicTruncator.class);

    private static final Home HOME = new Home("cluster", "topic");

    private final PartitionProgress progress = new PartitionProgress(new TopicPartition("transfer-work", 0));
    private final List<Long> deleted = new ArrayList<>();
    private CompletableFuture<?> answer = CompletableFuture.completedFuture(null);
    private Instant now = Instant.EPOCH;
    private final WorkTopicTruncator truncator = new WorkTopicTruncator(
            (_, before) -> {
                deleted.add(before);
                return answer;
            },
            () -> List.of(progress),
            HandClock.following(() -> now));

    @Test
    void shouldDeleteNothingThatTheLedgerDoesNotSayIsDone() {
        progress.readUpTo(50);

        later();

        assertThat(deleted).isEmpty();
    }

    @Test
    void shouldTruncateToTheCommittedPosition() {
        progress.readUpTo(50);
        commit();
        later();

        assertThat(deleted).containsExactly(50L);
    }

    @Test
    void shouldTruncateAgainWhatCouldNotBeTruncated() {
        progress.readUpTo(50);
        commit();
        answer = CompletableFuture.failedFuture(new IllegalStateException("no leader"));
        later();
        answer = CompletableFuture.completedFuture(null);

        later();
        later();

        assertThat(deleted).containsExactly(50L, 50L);
        assertThat(warnings.lines()).singleElement().asString().contains("it tries again", "no leader");
    }

    @Test
    void shouldDeleteNothingMoreAfterTheLedgerWasMendedToGoBack() {
        progress.readUpTo(50);
        commit();
        later();

        progress.committed(new Position(20, List.of(), HOME.clusterId(), HOME.topicId()));
        later();

        assertThat(deleted).containsExactly(50L);
    }

    private void commit() {
        progress.committed(progress.positionAfter(List.of(), HOME));
    }

    private void later() {
        now = now.plus(WorkTopicTruncator.PERIOD);
        truncator.truncate();
    }
}
