package io.waybill.monitor;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.Attempt;
import io.waybill.domain.Failure;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Stage;
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
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * One task of the real monitor on its real stores on disk, without a broker: what it says is counted and not written,
 * and its stores have no changelogs. Both would cost the same however many deadlines are open.
 */
public final class BusyMonitor implements AutoCloseable {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration UNCLAIMED = Duration.ofDays(7);
    private static final RouteName ROUTE = new RouteName("invoices");
    private static final String CONFIGURATION =
            """
            kafka: { bootstrap.servers: "127.0.0.1:1" }
            schema.registry.url: http://127.0.0.1:1
            routes:
              invoices: { source: { bucket: outbound }, import: { required: true }, timeouts: { unclaimed: 7d } }
            """;

    private final MonitorTopology topology;
    private final MockProcessorContext<Object, Object> context;
    private final List<StateStore> stores = new ArrayList<>();
    private Processor<FileId, FileState, Object, Object> monitor;
    private Instant now = START;
    private long round;

    /**
     * @param directory for the stores; empty
     */
    public BusyMonitor(Path directory) {
        WaybillConfig config = WaybillConfig.parse(
                "bench", CONFIGURATION, Overrides.NONE, List.of(MonitorSettings.SECTION));
        // The time of a sweep is not bounded: each is to do all that is due.
        topology = new MonitorTopology(
                config,
                Topics.from(config.topics(), DomainSerdes.of(new InMemorySchemaRegistry())),
                new DueIndex.Budget(1_000_000, Duration.ofDays(1)),
                new MonitorMetrics(new SimpleMeterRegistry()),
                ProcessClock.of(() -> now, ProcessClock.system()::nanos));
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        context = new MockProcessorContext<>(properties, new TaskId(0, 0), directory.toFile());
        for (StoreBuilder<?> builder : topology.watch().stores()) {
            StateStore store = builder.withLoggingDisabled().build();
            store.init(context.getStateStoreContext(), store);
            stores.add(store);
        }
        monitor = begun();
        tick();
    }

    private Processor<FileId, FileState, Object, Object> begun() {
        Processor<FileId, FileState, Object, Object> begun = topology.watch().get();
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        begun.init(context);
        return begun;
    }

    /** Forgets what is known in memory, as a restart does. */
    public void restart() {
        monitor = begun();
    }

    /**
     * Tells of files that wait to be claimed; the time of each is one to seven days ahead, in no order.
     *
     * @param from number of the first file
     * @param to   behind the last
     */
    public void open(long from, long to) {
        for (long number = from; number < to; number++) {
            Instant since = now.minusSeconds(Long.remainderUnsigned(number * 0x9e3779b97f4a7c15L, 6 * 86_400));
            tell(number, 1, new Phase.Queued(Stage.IMPORT, Attempt.FIRST, since.plus(UNCLAIMED)), since);
        }
    }

    /** Tells that files are completed. */
    public void complete(long from, long to) {
        for (long number = from; number < to; number++) {
            tell(number, 2, new Phase.Completed(Stage.IMPORT, Attempt.FIRST, false), now);
        }
    }

    /**
     * Lets some files be due, always the same, and a second pass.
     *
     * @return what the tick cost in which the monitor said so, milliseconds
     */
    public double costOf(int due) {
        Instant at = now.plusSeconds(1);
        var reason = new Failure(FailureKind.IMPORT_FAILED, "for the benchmark");
        for (int number = 1; number <= due; number++) {
            var waiting = new Phase.Waiting(
                    Stage.IMPORT, new Attempt(1, 2), at.plus(UNCLAIMED), at, Phase.Waiting.Cause.FAILURE, reason);
            tell(-number, 2 * round + 1, waiting, at);
        }
        double cost = tick();
        int said = context.forwarded(MonitorTopology.TO_FILE_EVENTS).size();
        if (said != due) {
            throw new IllegalStateException(due + " deadlines were due, but " + said + " were said");
        }
        for (int number = 1; number <= due; number++) {
            tell(-number, 2 * round + 2, new Phase.Completed(Stage.IMPORT, new Attempt(1, 2), false), at);
        }
        round++;
        return cost;
    }

    private double tick() {
        now = now.plusSeconds(1);
        context.setCurrentSystemTimeMs(now.toEpochMilli());
        context.resetForwards();
        var tick = context.scheduledPunctuators().getLast().getPunctuator();
        long begin = System.nanoTime();
        tick.punctuate(now.toEpochMilli());
        return (System.nanoTime() - begin) / 1e6;
    }

    private void tell(long number, long version, Phase phase, Instant since) {
        String key = "invoices/" + number;
        FileId id = FileId.of(ROUTE, "outbound", key, "v1");
        var source = new SourceObject("outbound", key, "v1", "e1", 42, START);
        var file = new FileState(id, ROUTE, source, null, null, phase, null, version, START, now, since);
        monitor.process(new Record<>(id, file, now.toEpochMilli()));
    }

    @Override
    public void close() {
        monitor.close();
        stores.forEach(StateStore::close);
    }
}
