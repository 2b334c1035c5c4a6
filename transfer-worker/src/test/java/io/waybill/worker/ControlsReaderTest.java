package io.waybill.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.Attempt;
import io.waybill.domain.Control;
import io.waybill.domain.Control.Kind;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Suspension;
import io.waybill.runtime.config.WaybillConfig.TopicSettings;
import io.waybill.runtime.topic.ControlsReader;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.TopicReader;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.delivery.WithdrawnWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a worker hears of files that are not wanted any more, with a consumer that gets what the test says. */
final class ControlsReaderTest {
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(TopicReader.class);

    private static final FileId FILE = new FileId("abcdefghijklmnopqrstuvwxyz");
    private static final FileId OTHER = new FileId("zbcdefghijklmnopqrstuvwxyz");
    private static final Attempt SECOND = new Attempt(2, 1);

    private final Topic<FileId, ControlRecord> topic = Topics.from(
            new TopicSettings("", 1, 1, (short) 1), DomainSerdes.of(new InMemorySchemaRegistry()))
            .controls();
    private final TopicPartition partition = new TopicPartition(topic.name(), 0);
    private final WithdrawnWork withdrawn = new WithdrawnWork();
    private final List<MockConsumer<byte[], byte[]>> consumers = new ArrayList<>();
    /** Of the partition, as each consumer finds them. */
    private final List<Long> ends = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<Release> releases = new ArrayList<>();
    private final List<Suspension> suspensions = new ArrayList<>();
    private final ControlsReader reader = new ControlsReader(
            this::nextConsumer, _ -> Map.of(partition, ends.removeFirst()), topic, this::heard, pauses::add);

    private void heard(FileId id, @Nullable ControlRecord record) {
        switch (record) {
            case null -> withdrawn.apply(id, null);
            case Control control -> withdrawn.apply(id, control);
            case Release release -> releases.add(release);
            case Suspension suspension -> suspensions.add(suspension);
        }
    }

    @Test
    void shouldKnowEverythingThatWasWrittenBeforeAndHearWhatFollows() throws Exception {
        MockConsumer<byte[], byte[]> consumer = consumer(2);
        consumer.schedulePollTask(() -> {
            assertThat(read()).isFalse();
            written(consumer, 0, FILE, control(FILE, 1, Kind.GIVEN_UP));
            written(consumer, 1, OTHER, control(OTHER, 2, Kind.CANCELLED));
        });
        consumer.schedulePollTask(() -> {
            assertThat(read()).isTrue();
            assertThat(withdrawn.of(FILE, Attempt.FIRST)).contains(Kind.GIVEN_UP);
            assertThat(withdrawn.of(FILE, SECOND)).isEmpty();
            assertThat(withdrawn.of(OTHER, Attempt.FIRST)).contains(Kind.CANCELLED);
            assertThat(withdrawn.of(OTHER, SECOND)).contains(Kind.CANCELLED);
            written(consumer, 2, FILE, control(FILE, 2, Kind.CANCELLED));
            written(consumer, 3, OTHER, null);
        });
        consumer.schedulePollTask(() -> {
            assertThat(withdrawn.of(FILE, SECOND)).contains(Kind.CANCELLED);
            assertThat(withdrawn.of(OTHER, Attempt.FIRST)).isEmpty();
            stopped.set(true);
        });

        reader.run(stopped::get);

        assertThat(pauses).isEmpty();
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void shouldNotWaitForRecordsOfAnEmptyTopic() throws Exception {
        MockConsumer<byte[], byte[]> consumer = consumer(0);
        consumer.schedulePollTask(() -> {
            assertThat(read()).isTrue();
            stopped.set(true);
        });

        reader.run(stopped::get);

        assertThat(read()).isTrue();
    }

    /** After a kill, the transaction of a pause that was acknowledged may not be marked as ended yet. */
    @Test
    void shouldNotHaveReadEverythingBeforeATransactionThatWasOpenEnds() throws Exception {
        var never = Suspension.none(new Suspension.Subject.Destination(new DestinationName("acme")));
        Suspension paused = never.paused(Instant.ofEpochSecond(1), null, "ann", "");
        MockConsumer<byte[], byte[]> consumer = consumer(1);
        consumer.schedulePollTask(() -> assertThat(read()).isFalse());
        consumer.schedulePollTask(() -> {
            assertThat(read()).isFalse();
            written(consumer, 0, paused.key(), paused);
        });
        consumer.schedulePollTask(() -> stopped.set(true));

        reader.run(stopped::get);

        assertThat(read()).isTrue();
        assertThat(suspensions).containsExactly(paused);
    }

    @Test
    void shouldBeginAgainAfterWhateverGoesWrong() throws Exception {
        MockConsumer<byte[], byte[]> first = consumer(1);
        first.schedulePollTask(() -> first.setPollException(new org.apache.kafka.common.KafkaException("broken")));
        MockConsumer<byte[], byte[]> second = consumer(1);
        second.schedulePollTask(() -> written(second, 0, FILE, control(FILE, 1, Kind.CANCELLED)));
        second.schedulePollTask(() -> stopped.set(true));

        reader.run(stopped::get);

        assertThat(pauses).hasSize(1);
        assertThat(first.closed()).isTrue();
        assertThat(read()).isTrue();
        assertThat(withdrawn.size()).isEqualTo(1);
    }

    /** Otherwise each fault of Kafka would let a worker log in again where a server has refused the login. */
    @Test
    void shouldSayAReleaseOnceThoughItBeginsAgain() throws Exception {
        var asked = new Release(
                new Place.Destination(new DestinationName("acme")), Instant.EPOCH, Release.Cause.ASKED, "ann");
        MockConsumer<byte[], byte[]> first = consumer(2);
        first.schedulePollTask(() -> {
            written(first, 0, asked.key(), asked);
            written(first, 1, FILE, control(FILE, 1, Kind.CANCELLED));
        });
        first.schedulePollTask(() -> first.setPollException(new org.apache.kafka.common.KafkaException("broken")));
        MockConsumer<byte[], byte[]> second = consumer(3);
        second.schedulePollTask(() -> {
            written(second, 0, asked.key(), asked);
            written(second, 1, FILE, control(FILE, 1, Kind.CANCELLED));
            written(second, 2, asked.key(), asked);
        });
        second.schedulePollTask(() -> stopped.set(true));

        reader.run(stopped::get);

        assertThat(releases).containsExactly(asked, asked);
        assertThat(withdrawn.size()).isEqualTo(1);
    }

    /** Otherwise a fault of Kafka would let files start for a moment that are paused. */
    @Test
    void shouldNotGoBackToAnOldSuspensionThoughItBeginsAgain() throws Exception {
        var never = Suspension.none(new Suspension.Subject.Destination(new DestinationName("acme")));
        Suspension resumed = never.paused(Instant.ofEpochSecond(1), null, "ann", "")
                .resumed(Instant.ofEpochSecond(2), "ann", "");
        Suspension paused = resumed.paused(Instant.ofEpochSecond(3), null, "ann", "");
        MockConsumer<byte[], byte[]> first = consumer(2);
        first.schedulePollTask(() -> {
            written(first, 0, resumed.key(), resumed);
            written(first, 1, paused.key(), paused);
        });
        first.schedulePollTask(() -> first.setPollException(new org.apache.kafka.common.KafkaException("broken")));
        MockConsumer<byte[], byte[]> second = consumer(2);
        second.schedulePollTask(() -> written(second, 0, resumed.key(), resumed));
        second.schedulePollTask(() -> stopped.set(true));

        reader.run(stopped::get);

        assertThat(suspensions).containsExactly(resumed, paused);
    }

    @Test
    void shouldWaitForATopicThatIsMissing() throws Exception {
        MockConsumer<byte[], byte[]> first = consumer(0);
        first.updatePartitions(topic.name(), List.of());
        MockConsumer<byte[], byte[]> second = consumer(0);
        second.schedulePollTask(() -> stopped.set(true));

        reader.run(stopped::get);

        assertThat(pauses).hasSize(1);
        assertThat(read()).isTrue();
        assertThat(warnings.lines()).singleElement().asString().contains("topic controls does not exist");
    }

    @Test
    void shouldLeaveOutWhatItCannotRead() throws Exception {
        MockConsumer<byte[], byte[]> consumer = consumer(2);
        consumer.schedulePollTask(() -> {
            consumer.addRecord(new ConsumerRecord<>(topic.name(), 0, 0, "no id".getBytes(UTF_8), new byte[] {7}));
            written(consumer, 1, FILE, control(FILE, 1, Kind.CANCELLED));
        });
        consumer.schedulePollTask(() -> stopped.set(true));

        reader.run(stopped::get);

        assertThat(withdrawn.size()).isEqualTo(1);
    }

    private boolean read() {
        try {
            return reader.awaitRead(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Control control(FileId id, int sending, Kind kind) {
        return new Control(id, sending, kind, Instant.EPOCH);
    }

    private void written(MockConsumer<byte[], byte[]> consumer, long offset, FileId id,
            @Nullable ControlRecord control) {
        var record = topic.record(id, control);
        consumer.addRecord(new ConsumerRecord<>(topic.name(), 0, offset, record.key(), record.value()));
    }

    private Consumer<byte[], byte[]> nextConsumer() {
        return consumers.removeFirst();
    }

    private MockConsumer<byte[], byte[]> consumer(long end) {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        var node = new Node(0, "localhost", 1);
        consumer.updatePartitions(
                topic.name(),
                List.of(new PartitionInfo(topic.name(), 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        // As for a consumer of committed records, while transactions are open.
        consumer.updateEndOffsets(Map.of(partition, 0L));
        ends.add(end);
        consumers.add(consumer);
        return consumer;
    }
}
