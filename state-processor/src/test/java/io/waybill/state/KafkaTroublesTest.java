package io.waybill.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.DeadLetter.Poison;
import io.waybill.runtime.api.StatusAnswer.RecordLetter;
import io.waybill.runtime.api.StatusAnswer.RecordLetters;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

final class KafkaTroublesTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final WaybillConfig config = WaybillConfig.parse(
            "test",
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            topics: { prefix: "", filePartitions: 1 }
            """,
            new Overrides(Map.of(), Map.of()),
            List.of());
    private final Topics topics = Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry()));
    private final TopicPartition partition = new TopicPartition(topics.deadLetters().name(), 0);
    private final Letters consumer = new Letters();
    private long nanos;

    @Test
    void shouldNameTheNewestRecordsThatBecameDeadLetters() {
        for (int i = 0; i < 8; i++) {
            written(letter(NOW.minusSeconds(800 - i * 100L), i));
        }
        // Its record is new, because somebody copied the topic.
        written(letter(NOW.minus(Duration.ofDays(3)), 99));
        consumer.log.put(9L, new byte[] {7});

        RecordLetters letters = troubles().letters().orElseThrow();

        assertThat(letters.records()).isEqualTo(8);
        assertThat(letters.complete()).isTrue();
        assertThat(letters.since()).isEqualTo("2026-01-30T12:00:00Z");
        assertThat(letters.newest()).hasSize(5).startsWith(
                new RecordLetter("2026-01-31T11:58:20Z", "s3-notifications-0@7", "not JSON"),
                new RecordLetter("2026-01-31T11:56:40Z", "s3-notifications-0@6", "not JSON"));
    }

    @Test
    void shouldReadOnlyTheNewestOfVeryManyLetters() {
        for (int i = 0; i < 2_100; i++) {
            written(letter(NOW.minusSeconds(60), i));
        }

        RecordLetters letters = troubles().letters().orElseThrow();

        assertThat(letters.records()).isEqualTo(2_000);
        assertThat(letters.complete()).isFalse();
    }

    @Test
    void shouldSayNothingOfLettersThatItMayNotRead() {
        consumer.forbidden = true;

        assertThat(troubles().letters()).isEmpty();
    }

    private KafkaTroubles troubles() {
        var clock = ProcessClock.of(() -> NOW, () -> nanos += Duration.ofMillis(100).toNanos());
        return new KafkaTroubles(config, topics, clock, () -> consumer);
    }

    private static Poison letter(Instant at, int offset) {
        return new Poison(at, "s3-notifications-0@" + offset, new byte[0], new byte[] {7}, Map.of(), "not JSON");
    }

    private void written(DeadLetter letter) {
        byte[] value = topics.deadLetters().record(new byte[] {1}, letter).value();
        consumer.log.put((long) consumer.log.size(), value);
    }

    /** The topic of dead letters. */
    private final class Letters extends MockConsumer<byte[], byte[]> {
        private final Map<Long, byte[]> log = new TreeMap<>();
        private boolean forbidden;

        private Letters() {
            super("none");
            updatePartitions(partition.topic(), List.of(new PartitionInfo(
                    partition.topic(), 0, Node.noNode(), new Node[0], new Node[0])));
            schedulePollTask(() -> log.forEach((offset, value) -> addRecord(
                    new ConsumerRecord<>(partition.topic(), 0, offset, new byte[] {1}, value))));
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> asked) {
            if (forbidden) {
                throw new TopicAuthorizationException("not authorized");
            }
            updateBeginningOffsets(Map.of(partition, 0L));
            updateEndOffsets(Map.of(partition, (long) log.size()));
            return super.endOffsets(asked);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                Map<TopicPartition, Long> times) {
            return Map.of(partition, new OffsetAndTimestamp(0, times.values().iterator().next()));
        }
    }
}
