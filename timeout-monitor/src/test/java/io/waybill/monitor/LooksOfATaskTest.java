package io.waybill.monitor;

import static io.waybill.monitor.MonitorUnderTest.START;
import static io.waybill.monitor.MonitorUnderTest.file;
import static io.waybill.monitor.MonitorUnderTest.id;
import static io.waybill.monitor.MonitorUnderTest.queued;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.runtime.wire.InMemorySchemaRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
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

/** When a task looks at its deadlines. Each look costs a commit, in a transaction. */
final class LooksOfATaskTest {
    private static final String CONFIGURATION =
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            """;

    private final List<StateStore> stores = new ArrayList<>();
    private MockProcessorContext<Object, Object> context;
    private Processor<FileId, FileState, Object, Object> processor;
    private Instant now = START;
    private CapturedPunctuator planned;
    private Instant plannedFor;
    private int looks;

    @BeforeEach
    void open(@TempDir Path directory) {
        WaybillConfig config =
                WaybillConfig.parse("test", CONFIGURATION, Overrides.NONE, List.of(MonitorSettings.SECTION));
        var topology = new MonitorTopology(
                config,
                Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry())),
                DueIndex.Budget.DEFAULT,
                new MonitorMetrics(new SimpleMeterRegistry()),
                ProcessClock.of(() -> now, () -> now.toEpochMilli() * 1_000_000));
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        context = new MockProcessorContext<>(properties, new TaskId(0, 0), directory.toFile());
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        for (StoreBuilder<?> builder : topology.watch().stores()) {
            StateStore store = builder.withLoggingDisabled().build();
            store.init(context.getStateStoreContext(), store);
            stores.add(store);
        }
        processor = topology.watch().get();
        processor.init(context);
        noteWhatIsPlanned();
    }

    @AfterEach
    void close() {
        processor.close();
        stores.forEach(StateStore::close);
    }

    private void told(FileState file) {
        processor.process(new Record<>(file.id(), file, now.toEpochMilli()));
        noteWhatIsPlanned();
    }

    private void noteWhatIsPlanned() {
        List<CapturedPunctuator> active =
                context.scheduledPunctuators().stream().filter(tick -> !tick.cancelled()).toList();
        assertThat(active).hasSize(1);
        if (!active.getFirst().equals(planned)) {
            planned = active.getFirst();
            plannedFor = now.plus(planned.getInterval());
        }
    }

    /** Lets time pass as Kafka Streams does: it looks whenever that is planned. */
    private void passes(Duration time) {
        Instant until = now.plus(time);
        while (!plannedFor.isAfter(until)) {
            now = plannedFor;
            context.setCurrentSystemTimeMs(now.toEpochMilli());
            planned.getPunctuator().punctuate(now.toEpochMilli());
            looks++;
            noteWhatIsPlanned();
        }
        now = until;
        context.setCurrentSystemTimeMs(now.toEpochMilli());
    }

    private int said() {
        return context.forwarded(MonitorTopology.TO_FILE_EVENTS).size();
    }

    @Test
    void shouldLookEveryTenSecondsWhileNothingIsDue() {
        told(file(1, 1, queued(START.plus(Duration.ofDays(7)))));
        passes(Duration.ofSeconds(20));
        looks = 0;

        passes(Duration.ofMinutes(10));

        assertThat(looks).isEqualTo(60);
        assertThat(plannedFor.getEpochSecond() % 10).isZero();
    }

    /** However long the task has rested, and whatever else it has looked at. */
    @Test
    void shouldSayWithinASecondWhateverIsDue() {
        var random = new Random(13);
        for (int number = 1; number <= 500; number++) {
            FileId id = id(number);
            passes(Duration.ofMillis(random.nextInt(30_000)));
            Duration ahead = Duration.ofMillis(random.nextInt(100_000));
            Instant due = now.plus(ahead);
            told(file(number, 1, queued(due)));
            passes(ahead.minusMillis(1));
            context.resetForwards();

            passes(Duration.ofMillis(1_001));

            // What was said of other files may be said again meanwhile.
            assertThat(context.forwarded(MonitorTopology.TO_FILE_EVENTS))
                    .describedAs("deadline %d, due at %s", number, due)
                    .filteredOn(each -> id.equals(each.record().key()))
                    .hasSize(1);
        }
    }

    /** Until then nobody reads what others write to the same partition of file-events, such as arrivals. */
    @Test
    void shouldCommitAtOnceWhatItSays() {
        told(file(1, 1, queued(START.plusSeconds(25))));
        passes(Duration.ofSeconds(24));
        assertThat(context.committed()).isFalse();

        passes(Duration.ofSeconds(1));

        assertThat(said()).isEqualTo(1);
        assertThat(context.committed()).isTrue();
    }

    /** Kafka Streams revives a task after a fault, with the same processor. It keeps the ticks that were not cancelled. */
    @Test
    void shouldSayWhatIsDueAfterTheTaskIsRevived() {
        told(file(1, 1, queued(START.plusSeconds(25))));
        passes(Duration.ofSeconds(20));
        CapturedPunctuator former = Objects.requireNonNull(planned);

        processor.close();
        assertThat(former.cancelled()).isTrue();
        processor.init(context);
        noteWhatIsPlanned();
        passes(Duration.ofSeconds(5));

        assertThat(said()).isEqualTo(1);
    }
}
