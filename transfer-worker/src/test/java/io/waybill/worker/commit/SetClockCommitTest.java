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
import io.waybill.worker.partition.IndexChange;
import io.waybill.worker.partition.Ownership;
import io.waybill.worker.partition.PartitionProgress;
import io.waybill.worker.partition.Report;
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

/** What is committed, swept and trimmed when the machine's clock is set back an hour, or forward a day. */
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
            Report report = Report.finishing(progress, OptionalLong.empty());
            committer.post(report);
            assertThat(committer.settle(Duration.ofSeconds(20))).isTrue();
            assertThat(report.committed()).isCompletedWithValue(true);
        }
        committer.stop();
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void shouldNotForgetTheNewestVersionAtAPathBecauseTheClockIsADayAhead() {
        var swept = new ArrayList<Report>();
        var sweeper = new IndexSweeper(swept::add, time);
        Instant expires = time.instant().plus(Duration.ofHours(2));
        progress.marks().apply(IndexChange.to(
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
    void shouldTrimWhenItsTimeHasCome(Duration set) {
        var trimmed = new AtomicInteger();
        progress.readUpTo(5);
        progress.committed(progress.positionAfter(List.of(), new Home("cluster", "topic")));
        var trimmer = new Trimmer(
                (_, _) -> {
                    trimmed.incrementAndGet();
                    return CompletableFuture.completedFuture(null);
                },
                () -> List.of(progress),
                _ -> {},
                time);
        time.set(set);

        trimmer.trim();
        assertThat(trimmed).hasValue(0);

        time.pass(Trimmer.PERIOD);
        trimmer.trim();
        assertThat(trimmed).hasValue(1);
    }
}
