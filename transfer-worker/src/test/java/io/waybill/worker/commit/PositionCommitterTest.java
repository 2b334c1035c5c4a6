package io.waybill.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.worker.HandClock;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class PositionCommitterTest {
    private static final Home HOME = new Home("cluster", "topic");

    private final PartitionProgress progress = new PartitionProgress(new TopicPartition("transfer-work", 0));
    private final List<CommitEntry> entries = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final PositionCommitter positions =
            new PositionCommitter(entries::add, HandClock.following(() -> now));

    @Test
    void shouldCommitThePositionOfAPartitionThatWasTakenOver() {
        later();
        turn();
        assertThat(entries).singleElement().satisfies(entry -> assertThat(entry.finished()).isEmpty());

        commit();
        later();

        assertThat(entries).hasSize(1);
    }

    @Test
    void shouldTryAgainIfTheFirstCommitCameToNothing() {
        later();
        entries.getFirst().committed().complete(false);
        turn();
        assertThat(entries).hasSize(1);

        later();

        assertThat(entries).hasSize(2);
    }

    @Test
    void shouldCommitAPositionThatOnlyMarkersMoved() {
        later();
        commit();
        progress.readUpTo(50);

        later();

        assertThat(entries).hasSize(2);
        commit();
        later();
        assertThat(entries).hasSize(2);
    }

    @Test
    void shouldCommitAnIdlePositionOnceAPeriodOnly() {
        later();
        commit();
        progress.readUpTo(50);
        turn();
        assertThat(entries).hasSize(1);

        later();
        turn();
        later();

        assertThat(entries).hasSize(2);
    }

    private void commit() {
        progress.committed(progress.positionAfter(List.of(), HOME));
        entries.getLast().committed().complete(true);
    }

    private void later() {
        now = now.plus(PositionCommitter.PERIOD);
        turn();
    }

    private void turn() {
        positions.handOut(List.of(progress));
    }
}
