package io.waybill.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final TopicPartition FIRST = new TopicPartition("waybill.s3-notifications", 0);
    private static final TopicPartition SECOND = new TopicPartition("waybill.s3-notifications", 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Membership membership = new Membership(consumer, _ -> {});

    @BeforeEach
    void join() {
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
        consumer.subscribe(List.of(FIRST.topic()), membership);
        consumer.rebalance(List.of(FIRST, SECOND));
    }

    @Test
    void shouldOwnWhatItWasAssigned() {
        membership.begin();
        assertThat(membership.owned().partitions()).containsExactlyInAnyOrder(FIRST, SECOND);
    }

    @Test
    void shouldNotOwnWhatWasRevokedWhileTheClientStillListsIt() {
        // Kafka's consumer takes a revoked partition off its list on another thread, after the callback has returned.
        membership.onPartitionsRevoked(Set.of(FIRST));
        assertThat(consumer.assignment()).contains(FIRST);
        membership.begin();
        assertThat(membership.owned().partitions()).containsExactly(SECOND);
    }

    @Test
    void shouldTakeABatchsPartitionForLostEvenIfItComesBack() {
        membership.begin();
        membership.onPartitionsRevoked(Set.of(FIRST));
        membership.onPartitionsAssigned(Set.of(FIRST));
        assertThat(membership.owned().partitions()).containsExactly(SECOND);
        membership.begin();
        assertThat(membership.owned().partitions()).containsExactlyInAnyOrder(FIRST, SECOND);
    }

    @Test
    void shouldPauseOnlyWhatItOwns() {
        membership.onPartitionsRevoked(Set.of(FIRST));
        membership.hold();
        assertThat(consumer.paused()).containsExactly(SECOND);
        membership.release();
        assertThat(consumer.paused()).isEmpty();
    }
}
