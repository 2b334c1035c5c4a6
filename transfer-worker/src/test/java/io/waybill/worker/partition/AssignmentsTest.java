package io.waybill.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.LedgerMark.Position;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import io.waybill.runtime.ledger.LedgerView;
import io.waybill.worker.HandClock;
import io.waybill.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions handed over when the machine's clock is set back an hour, or forward a day. */
final class AssignmentsTest {
    private static final TopicPartition PARTITION = new TopicPartition("transfer-work", 0);

    private final HandClock time = new HandClock();
    private final PartitionProgress progress = new PartitionProgress(PARTITION);

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldHandOverInTheTimeThatTheGroupWaits(Duration set) {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        var patience = new ArrayList<Duration>();
        var view = new LedgerView(
                0,
                Optional.of(Position.at(0, "cluster", "topic")),
                Map.of(),
                new Bounds(0, 0),
                OptionalLong.empty(),
                Optional.empty());
        var loader = new LedgerLoader((_, _) -> Map.of(0, view));
        var assignments = new Assignments(
                consumer, consumer.groupMetadata(), loader, new Assignments.Owner() {
                    @Override
                    public PartitionProgress take(TopicPartition partition, LedgerView read) {
                        return progress;
                    }

                    @Override
                    public boolean settle(Duration most) {
                        return patience.add(most);
                    }

                    @Override
                    public void leave(PartitionProgress left) {
                        time.set(set);
                    }
                }, WorkerMetrics.NONE, time);
        consumer.assign(List.of(PARTITION));
        assignments.onPartitionsAssigned(List.of(PARTITION));
        loader.readRequested();
        assignments.takeOver();
        time.set(set);

        assignments.onPartitionsRevoked(List.of(PARTITION));

        assertThat(patience).containsExactly(Assignments.HANDING_OVER);
    }
}
