package io.waybill.monitor;

import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.Timeouts;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.Received;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Reads states. Writes deadlines that passed, and dead letters.
 *
 * <pre>
 *   file-state --> watch-deadlines [watched, deadlines, setbacks] --+--> file-events
 *                                                                   +--> dead-letters
 * </pre>
 */
final class MonitorTopology implements Supplier<Topology> {
    /**
     * Maps a file's id to what the monitor knows about the file. Kafka Streams makes topic names from the names of
     * stores. Do not change them.
     */
    static final String WATCHED = "watched";
    /** The deadlines, ordered by time. */
    static final String DEADLINES = "deadlines";
    /** The failures that the previous version noted for files that have not ended yet. */
    static final String SETBACKS = "setbacks";

    /** All of them; Kafka Streams keeps them in topics, too. */
    static final List<String> STORES = List.of(WATCHED, DEADLINES, SETBACKS);

    static final String TO_FILE_EVENTS = "to-file-events";
    static final String TO_DEAD_LETTERS = "to-dead-letters";
    private static final String SOURCE = "file-state";
    private static final String WATCH = "watch-deadlines";

    /** The number of files whose deadlines each tick recalculates after a start. */
    static final int RECALCULATED = 10_000;

    private final WaybillConfig config;
    private final MonitorSettings settings;
    private final Topics topics;
    private final DueIndex.Budget budget;
    private final MonitorMetrics metrics;
    private final ProcessClock clock;
    private final Halts halts;

    /**
     * @param config says how often to look for due deadlines, and how long the files of each route may wait; was read
     *               with {@link MonitorSettings#SECTION}
     * @param budget of one tick
     */
    MonitorTopology(
            WaybillConfig config, Topics topics, DueIndex.Budget budget, MonitorMetrics metrics, ProcessClock clock) {
        this.config = config;
        this.settings = config.of(MonitorSettings.SECTION);
        this.topics = topics;
        this.budget = budget;
        this.metrics = metrics;
        this.clock = clock;
        this.halts = Halts.of(config);
    }

    /** When files may not start. It knows of the pauses that somebody tells it. */
    Halts halts() {
        return halts;
    }

    @Override
    public Topology get() {
        var topology = new Topology();
        topology.addSource(
                SOURCE,
                Received.keys(topics.fileState()),
                topics.fileState().value().deserializer(),
                topics.fileState().name());
        topology.addProcessor(WATCH, watch(), SOURCE);
        sink(topology, TO_FILE_EVENTS, topics.fileEvents());
        sink(topology, TO_DEAD_LETTERS, topics.deadLetters());
        return topology;
    }

    ProcessorSupplier<FileId, FileState, Object, Object> watch() {
        return new WatchSupplier();
    }

    private static <K, V> void sink(Topology topology, String node, Topic<K, V> topic) {
        topology.addSink(
                node, topic.name(), topic.key().serializer(), topic.value().serializer(), WATCH);
    }

    Duration tick() {
        return settings.tick();
    }

    /** The time limits of a route's files; null if the route is not configured. */
    @Nullable
    Timeouts timeouts(RouteName name) {
        Route route = config.routes().get(name);
        return route == null ? null : route.timeouts();
    }

    /** A state as a record has it. */
    byte @Nullable [] bytes(@Nullable FileState file) {
        return topics.fileState().value().serializer().serialize(topics.fileState().name(), file);
    }

    DueIndex.Budget budget() {
        return budget;
    }

    MonitorMetrics metrics() {
        return metrics;
    }

    ProcessClock clock() {
        return clock;
    }

    /** Supplies the processor together with the stores that only it uses. */
    private final class WatchSupplier implements ProcessorSupplier<FileId, FileState, Object, Object> {
        @Override
        public Processor<FileId, FileState, Object, Object> get() {
            return new MonitorProcessor(MonitorTopology.this);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(WATCHED),
                            topics.fileState().key(),
                            TrackedFile.serde()),
                    DueIndex.storeBuilder(DEADLINES),
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(SETBACKS),
                            topics.fileState().key(),
                            Serdes.ByteArray()));
        }
    }
}
