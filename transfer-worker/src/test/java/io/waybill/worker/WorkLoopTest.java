package io.waybill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WorkLoopTest {
    private static final String TOPIC = "transfer-work";
    private static final TopicPartition ZERO = new TopicPartition(TOPIC, 0);
    private static final TopicPartition ONE = new TopicPartition(TOPIC, 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final List<Long> handled = new ArrayList<>();
    private final List<PartitionProgress> under = new ArrayList<>();
    private final List<Integer> ownedWhenSettled = new ArrayList<>();
    private final Assignments assignments = new Assignments(consumer, consumer.groupMetadata(), this::settle);
    private final WorkLoop loop = new WorkLoop(
            consumer,
            assignments,
            (record, progress) -> {
                handled.add(record.offset());
                under.add(progress);
            },
            4);

    @BeforeEach
    void join() {
        consumer.subscribe(List.of(TOPIC), assignments);
        consumer.rebalance(List.of(ZERO, ONE));
        consumer.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 0L));
        assignments.onPartitionsAssigned(List.of(ZERO, ONE));
    }

    @Test
    void shouldHandOutEveryRecordOnce() {
        add(ZERO, 0, 1, 2);

        loop.turn();
        loop.turn();

        assertThat(handled).containsExactly(0L, 1L, 2L);
        assertThat(under).allMatch(progress -> assignments.ownership().includes(progress));
    }

    @Test
    void shouldPauseAPartitionThatIsFarAheadAndResumeItLater() {
        add(ZERO, 0, 1, 2, 3);
        loop.turn();
        assertThat(consumer.paused()).containsExactly(ZERO);

        under.getFirst().finish(List.of(0L));
        loop.turn();
        assertThat(consumer.paused()).containsExactly(ZERO);

        under.getFirst().finish(List.of(1L));
        loop.turn();
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void shouldReadAgainFromTheCommittedPositions() {
        add(ZERO, 0, 1);
        loop.turn();
        consumer.commitSync(Map.of(ZERO, new OffsetAndMetadata(1)));
        PartitionProgress before = under.getFirst();

        loop.requestBeginAgain();
        consumer.schedulePollTask(() -> add(ZERO, 0, 1));
        loop.turn();
        loop.turn();

        assertThat(before.stands()).isFalse();
        assertThat(consumer.position(ONE)).isZero();
        assertThat(handled).containsExactly(0L, 1L, 1L);
        assertThat(under.getLast()).isNotSameAs(before);
        assertThat(assignments.ownership().includes(under.getLast())).isTrue();
    }

    @Test
    void shouldSettleBeforeItHandsAPartitionOver() {
        add(ZERO, 0);
        loop.turn();
        PartitionProgress handedOver = under.getFirst();

        assignments.onPartitionsRevoked(List.of(ZERO));

        assertThat(ownedWhenSettled).containsExactly(2);
        assertThat(handedOver.stands()).isFalse();
        assertThat(assignments.ownership().partitions()).containsOnlyKeys(ONE);
    }

    @Test
    void shouldNotSettleWhatIsLost() {
        add(ZERO, 0);
        loop.turn();

        assignments.onPartitionsLost(List.of(ZERO, ONE));

        assertThat(ownedWhenSettled).isEmpty();
        assertThat(under.getFirst().stands()).isFalse();
        assertThat(assignments.ownership().partitions()).isEmpty();
    }

    private boolean settle() {
        return ownedWhenSettled.add(assignments.ownership().partitions().size());
    }

    private void add(TopicPartition partition, long... offsets) {
        for (long offset : offsets) {
            consumer.addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null));
        }
    }
}
