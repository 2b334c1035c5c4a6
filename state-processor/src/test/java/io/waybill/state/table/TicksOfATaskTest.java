package io.waybill.state.table;

import static io.waybill.state.table.PipelineUnderTest.START;
import static io.waybill.state.table.PipelineUnderTest.arrived;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.Attempt;
import io.waybill.domain.DestinationName;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.Deferred;
import io.waybill.domain.FileId;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Stage;
import io.waybill.runtime.streams.Received;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import io.waybill.state.index.FileCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a task asks Kafka Streams for a tick. Each tick costs a commit, in a transaction. */
final class TicksOfATaskTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Arrived ARRIVED = arrived("invoices", "invoices/1");

    private final List<StateStore> stores = new ArrayList<>();
    private final Releases releases = new Releases(() -> this.now);
    private MockProcessorContext<Object, Object> context;
    private Processor<FileId, Received<FileEvent>, Object, Object> processor;
    private Instant now = START;
    private long offset;

    @BeforeEach
    void open(@TempDir Path directory) {
        var config = PipelineUnderTest.config(directory, PipelineUnderTest.CONFIGURATION);
        var topology = new StateTopology(
                config,
                Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry())),
                new SimpleMeterRegistry(),
                new FileCounts(),
                new StateChangeListeners(),
                releases,
                ProcessClock.of(() -> now, () -> now.toEpochMilli() * 1_000_000));
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        context = new MockProcessorContext<>(properties, new TaskId(0, 0), directory.toFile());
        for (StoreBuilder<?> builder : topology.rulesProcessors().stores()) {
            StateStore store = builder.withLoggingDisabled().build();
            store.init(context.getStateStoreContext(), store);
            stores.add(store);
        }
        processor = topology.rulesProcessors().get();
        processor.init(context);
    }

    @AfterEach
    void close() {
        processor.close();
        stores.forEach(StateStore::close);
    }

    private void told(FileEvent event) {
        context.setRecordMetadata("file-events", 0, offset++);
        processor.process(new Record<>(event.id(), new Received<>(new byte[0], event), now.toEpochMilli()));
    }

    private static Deferred deferred() {
        return new Deferred(
                ARRIVED.id(), START, Stage.DELIVERY, Attempt.FIRST, START.plus(Duration.ofHours(6)),
                new Failure(FailureKind.UNREACHABLE, "not now"));
    }

    private List<CapturedPunctuator> active() {
        return context.scheduledPunctuators().stream().filter(tick -> !tick.cancelled()).toList();
    }

    /** Lets a second pass, after which all ticks come. */
    private void passes() {
        now = now.plus(SECOND);
        active().forEach(tick -> tick.getPunctuator().punctuate(now.toEpochMilli()));
    }

    private long handedOut() {
        return context.forwarded(Outbox.TRANSFER_WORK).size();
    }

    @Test
    void shouldTickEverySecondOnlyWhileAFileWaits() {
        passes();
        assertThat(active()).extracting(CapturedPunctuator::getInterval).containsExactly(Duration.ofSeconds(10));

        told(ARRIVED);
        told(deferred());
        passes();
        assertThat(active()).extracting(CapturedPunctuator::getInterval).contains(SECOND);

        told(new Completed(ARRIVED.id(), START, Stage.DELIVERY, Attempt.FIRST, PipelineUnderTest.receipt("/in/1")));
        passes();
        assertThat(active()).extracting(CapturedPunctuator::getInterval).containsExactly(Duration.ofSeconds(10));
    }

    /** Kafka Streams revives a task after a fault, with the same processor. It keeps the ticks that were not cancelled. */
    @Test
    void shouldLookForReleasesAfterTheTaskIsRevived() {
        told(ARRIVED);
        told(deferred());
        passes();
        List<CapturedPunctuator> former = List.copyOf(context.scheduledPunctuators());

        processor.close();
        processor.init(context);
        assertThat(former).allMatch(CapturedPunctuator::cancelled);
        releases.heard(new Release(
                new Place.Destination(new DestinationName("acme")), now, Release.Cause.CONNECTED, "worker-1"));
        long before = handedOut();
        passes();

        assertThat(handedOut()).isEqualTo(before + 1);
        assertThat(active()).extracting(CapturedPunctuator::getInterval).containsExactly(Duration.ofSeconds(10));
    }
}
