package io.waybill.runtime.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.IndexEntry.FileOutcome;
import io.waybill.domain.IndexEntry.Result;
import io.waybill.domain.LedgerMark;
import io.waybill.domain.LedgerMark.Position;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.RemotePath;
import io.waybill.domain.Target;
import io.waybill.runtime.CaughtLogs;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.ledger.ClusterFacts.Bounds;
import io.waybill.runtime.ledger.ClusterFacts.Home;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LedgerReadingTest {
    @RegisterExtension
    final CaughtLogs warnings = CaughtLogs.of(IndexReading.class);

    private static final Home HERE = new Home("here", "work-1");
    private static final Staging STAGING = new Staging(
            new FileId("abcdefghijklmnopqrstuvwxyz"),
            Attempt.FIRST,
            new Target(new DestinationName("acme"), new RemotePath("/in/a")),
            0,
            new RemotePath("/in/.waybill/part"),
            64,
            "u@h:22/",
            Instant.EPOCH);

    private final Topics topics =
            Topics.from(new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final TopicPartition partition = new TopicPartition(topics.transferLedger().name(), 0);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final Facts facts = new Facts();
    private long nanos;
    private long nextOffset;

    @Test
    void shouldBeginAPartitionAtZeroThatNobodyHasWorkedOn() {
        facts.work = new Bounds(0, 7);
        LedgerView view = read();
        assertThat(view.hold()).isEmpty();
        assertThat(view.position()).contains(Position.at(0, "here", "work-1"));
        assertThat(view.work()).isEqualTo(facts.work);
    }

    @Test
    void shouldSeeTheLastMarkOfEachKeyAndNoneThatIsOver() {
        facts.work = new Bounds(0, 9);
        written(position(3), STAGING, position(5));
        LedgerView view = read();
        assertThat(view.position()).contains(position(5));
        assertThat(view.staging()).containsExactly(STAGING);
        assertThat(view.prepared()).isEmpty();

        written(STAGING.key(), null);
        assertThat(read().marks()).isEmpty();
    }

    @Test
    void shouldNotMistakeWhatAWorkerLeftThatDiedInItsFirstTransactionForWork() {
        nextOffset = 2;
        assertThat(read().hold()).isEmpty();
    }

    @Test
    void shouldHoldAPositionOfAnotherClusterOrTopic() {
        facts.work = new Bounds(0, 9);
        written(Position.at(3, "there", "work-1"));
        assertThat(read().hold()).hasValueSatisfying(hold -> assertThat(hold).contains("there", "here"));
        written(Position.at(3, "here", "work-0"));
        assertThat(read().hold()).hasValueSatisfying(hold -> assertThat(hold).contains("work-0", "created it again"));
        assertThat(read().position()).contains(Position.at(3, "here", "work-0"));
        written(position(3));
        assertThat(read().hold()).isEmpty();
    }

    @Test
    void shouldHoldAPositionOutsideOfTheWork() {
        facts.work = new Bounds(4, 9);
        written(position(3));
        assertThat(read().hold()).hasValueSatisfying(hold -> assertThat(hold).contains("before they were done"));
        written(position(10));
        assertThat(read().hold()).hasValueSatisfying(hold -> assertThat(hold).contains("lost"));
        written(position(9));
        assertThat(read().hold()).isEmpty();
    }

    @Test
    void shouldHoldWhereWorkWasDoneAndNoPositionSaysHowFar() {
        facts.groupOffsets.put(0, 4L);
        assertThat(read().hold()).hasValueSatisfying(hold -> assertThat(hold).contains("offset 4"));
        facts.groupOffsets.clear();
        facts.work = new Bounds(4, 9);
        assertThat(read().hold()).hasValueSatisfying(hold -> assertThat(hold).contains("before offset 4"));
        written(STAGING);
        assertThat(read().hold()).hasValueSatisfying(hold -> assertThat(hold).contains("was written to"));
        assertThat(read().position()).isEmpty();
    }

    @Test
    void shouldHoldAPartitionWithAMarkItCannotReadUntilThatIsOver() {
        written(position(0));
        written("position", new byte[] {7});
        assertThat(read().hold()).hasValueSatisfying(hold -> assertThat(hold).contains("'position' at offset 1"));
        written(position(0));
        assertThat(read().hold()).isEmpty();
    }

    @Test
    void shouldEndAMarkThatIsNoTextOnlyWithItsOwnBytes() {
        written(position(0));
        log.put(nextOffset, new ConsumerRecord<>(
                partition.topic(), 0, nextOffset, new byte[] {(byte) 0xff}, new byte[] {7}));
        nextOffset++;
        written("x".repeat(5_000), new byte[] {7});

        LedgerView held = read();
        assertThat(held.hold()).hasValueSatisfying(hold -> assertThat(hold).contains("at offset 1", "and 1 more"));
        assertThat(held.unreadable().getLast().reason()).hasSizeLessThan(500).contains("at offset 2");
        assertThat(held.unreadable()).hasSize(2);
        assertThat(held.position()).contains(position(0));

        written("\uFFFD", null);
        assertThat(read().unreadable()).hasSize(2);
        held.unreadable().forEach(mark -> {
            log.put(nextOffset, new ConsumerRecord<>(partition.topic(), 0, nextOffset, mark.rawKey(), null));
            nextOffset++;
        });
        assertThat(read().hold()).isEmpty();
        assertThat(read().unreadable()).isEmpty();
    }

    @Test
    void shouldGiveUpWhenATransactionStaysOpen() {
        written(position(0));
        nextOffset += 1;
        facts.reachable = false;
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(this::read).withMessageContaining("open there");
        assertThat(consumer.assignment()).isEmpty();
    }

    @Test
    void shouldReadWhatIsRememberedOfDeliveriesBesideTheLedger() {
        written(position(0));
        indexed(DELIVERED.key(), topics.deliveryIndex().record(DELIVERED.key(), DELIVERED).value());

        assertThat(reading().read(Set.of(0)).get(0).index().outcomeOf(STAGING.id())).contains(DELIVERED);

        indexed(DELIVERED.key(), null);
        assertThat(reading().read(Set.of(0)).get(0).index().size()).isZero();
        assertThat(read().index().size()).isZero();
    }

    @Test
    void shouldLeaveOutAnEntryThatItCannotReadAndGoOn() {
        written(position(0));
        indexed("file-" + STAGING.id(), new byte[] {7});
        indexed("who-knows", topics.deliveryIndex().record("who-knows", DELIVERED).value());
        indexed(DELIVERED.key(), topics.deliveryIndex().record(DELIVERED.key(), DELIVERED).value());

        LedgerView view = reading().read(Set.of(0)).get(0);

        assertThat(view.hold()).isEmpty();
        assertThat(view.index().size()).isEqualTo(1);
    }

    @Test
    void shouldGoOnWithAnIndexThatWasNotReadToItsEndInTime() {
        written(position(0));
        indexed(DELIVERED.key(), topics.deliveryIndex().record(DELIVERED.key(), DELIVERED).value());
        indexEnd = 2;
        LedgerReading reading = reading();
        assertThat(reading.read(Set.of(0), Duration.ofSeconds(20))).isEmpty();
        indexLog.clear();
        indexed("file-" + STAGING.id(), new byte[] {7});

        schedule();
        LedgerView view = reading.read(Set.of(0), Duration.ofSeconds(20)).get(0);

        assertThat(view).isNotNull();
        assertThat(view.index().size()).isEqualTo(1);
    }

    @Test
    void shouldSayHowToMakeAnIndexThatIsMissing() {
        written(position(0));
        facts.indexed = false;

        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> reading().read(Set.of(0)))
                .withMessage("topic delivery-index does not exist; './waybill topics' creates it");
        assertThat(read().hold()).isEmpty();
    }

    private static final FileOutcome DELIVERED =
            new FileOutcome(STAGING.id(), 1, Result.DELIVERED, Instant.EPOCH.plusSeconds(9));

    private final TopicPartition index = new TopicPartition(topics.deliveryIndex().name(), 0);
    private final Map<Long, ConsumerRecord<byte[], byte[]>> indexLog = new TreeMap<>();
    private long indexEnd;

    private void indexed(String key, byte @Nullable [] value) {
        long offset = indexEnd > 0 && indexLog.isEmpty() ? indexEnd - 1 : indexLog.size();
        indexLog.put(offset, new ConsumerRecord<>(index.topic(), 0, offset, key.getBytes(UTF_8), value));
        indexEnd = Math.max(indexEnd, offset + 1);
    }

    private LedgerReading reading() {
        schedule();
        return LedgerReading.withIndex(consumer, topics, facts, ProcessClock.of(
                () -> Instant.EPOCH, () -> nanos += Duration.ofSeconds(1).toNanos()));
    }

    private void schedule() {
        consumer.updateBeginningOffsets(Map.of(partition, 0L, index, 0L));
        consumer.schedulePollTask(() -> {
            log.values().forEach(consumer::addRecord);
            indexLog.values().forEach(consumer::addRecord);
        });
    }

    private static Position position(long next) {
        return Position.at(next, "here", "work-1");
    }

    private final Map<Long, ConsumerRecord<byte[], byte[]>> log = new TreeMap<>();

    private void written(LedgerMark... marks) {
        for (LedgerMark mark : marks) {
            written(mark.key(), topics.transferLedger().record(mark.key(), mark).value());
        }
    }

    private void written(String key, byte @Nullable [] value) {
        log.put(nextOffset, new ConsumerRecord<>(
                partition.topic(), partition.partition(), nextOffset, key.getBytes(UTF_8), value));
        nextOffset++;
    }

    private LedgerView read() {
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.schedulePollTask(() -> log.values().forEach(consumer::addRecord));
        if (!log.containsKey(nextOffset - 1) && facts.reachable) {
            consumer.schedulePollTask(() -> consumer.seek(partition, nextOffset));
        }
        var reading = new LedgerReading(consumer, topics, facts, ProcessClock.of(
                () -> Instant.EPOCH, () -> nanos += Duration.ofSeconds(1).toNanos()));
        LedgerView view = reading.read(Set.of(0)).get(0);
        assertThat(view).isNotNull();
        return view;
    }

    /** A cluster as the test wants it. */
    private final class Facts implements ClusterFacts {
        private final Map<Integer, Long> groupOffsets = new HashMap<>();
        private Bounds work = new Bounds(0, 0);
        private boolean reachable = true;
        private boolean indexed = true;

        @Override
        public Home home() {
            return HERE;
        }

        @Override
        public Map<Integer, Bounds> bounds(String topic, Set<Integer> partitions) {
            if (topic.equals(index.topic())) {
                if (!indexed) {
                    throw new UnknownTopicOrPartitionException("no such topic");
                }
                return Map.of(0, new Bounds(0, indexEnd));
            }
            return Map.of(0, topic.equals(partition.topic()) ? new Bounds(0, nextOffset) : work);
        }

        @Override
        public Map<Integer, Long> groupOffsets(Set<Integer> partitions) {
            return groupOffsets;
        }
    }
}
