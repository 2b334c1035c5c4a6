package io.waybill.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.IndexEntry;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.worker.HandClock;
import io.waybill.worker.Works;
import io.waybill.worker.metrics.WorkerMetrics;
import io.waybill.worker.partition.CommitEntry;
import io.waybill.worker.partition.IndexUpdate;
import io.waybill.worker.partition.Ownership;
import io.waybill.worker.partition.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is committed, swept and truncated when the machine's clock is set back an hour, or forward a day. */
final class SetClockCommitTest {
    private static final TopicPartition PARTITION = new TopicPartition("transfer-work", 0);
    private static final Topics TOPICS = Topics.from(
            new TopicSettings("", 2, 2, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));

    private final HandClock time = new HandClock();
    private final PartitionProgress progress = new PartitionProgress(PARTITION);

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldCommitAsSoonAsEver(Duration set) throws Exception {
        progress.begin(0);
        var owned = new Ownership(Map.of(PARTITION, progress), new MockConsumer<>("earliest").groupMetadata());
        var committer = new Committer(
                new Transactor(
                        _ -> new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()),
                        new LedgerRecords(TOPICS, new Home("cluster", "topic")),
                        () -> false),
                () -> {
                    // While a transaction is made.
                    time.set(set);
                    return owned;
                },
                () -> {},
                Duration.ofMillis(1),
                WorkerMetrics.NONE,
                time);
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                committer.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < 3; i++) {
            CommitEntry entry = CommitEntry.finishing(progress, OptionalLong.empty());
            committer.post(entry);
            assertThat(committer.settle(Duration.ofSeconds(20))).isTrue();
            assertThat(entry.committed()).isCompletedWithValue(true);
        }
        committer.stop();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void shouldNotForgetTheNewestVersionAtAPathBecauseTheClockIsADayAhead() {
        var swept = new ArrayList<CommitEntry>();
        var sweeper = new IndexSweeper(swept::add, time);
        Instant expires = time.instant().plus(Duration.ofHours(2));
        progress.ledger().apply(IndexUpdate.to(
                new FileOutcome(Works.intent("/a").id(), 1, IndexEntry.Result.DELIVERED, expires)));

        time.set(Duration.ofHours(24));
        time.pass(Duration.ofMinutes(10));
        sweeper.handOut(List.of(progress));
        assertThat(swept).isEmpty();

        time.pass(Duration.ofHours(4));
        sweeper.handOut(List.of(progress));
        assertThat(swept).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "PT24H"})
    void shouldTruncateWhenItsTimeHasCome(Duration set) {
        var truncated = new AtomicInteger();
        progress.readUpTo(5);
        progress.committed(progress.positionAfter(List.of(), new Home("cluster", "topic")));
        var truncator = new WorkTopicTruncator(
                (_, _) -> {
                    truncated.incrementAndGet();
                    return CompletableFuture.completedFuture(null);
                },
                () -> List.of(progress),
                time);
        time.set(set);

        truncator.truncate();
        assertThat(truncated).hasValue(0);

        time.pass(WorkTopicTruncator.PERIOD);
        truncator.truncate();
        assertThat(truncated).hasValue(1);
    }
}
