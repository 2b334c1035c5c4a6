package io.waybill.state.table;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.Received;
import io.waybill.runtime.streams.StoreSerdes;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topic;
import io.waybill.runtime.topic.Topics;
import io.waybill.state.index.FileCounts;
import io.waybill.state.index.GroupIndex;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Reads events. Writes states, work, ready files and dead letters.
 *
 * <pre>
 *   file-events --> apply-rules [files, history, expiry, groups] --+--> file-state
 *                                                          +--> transfer-work
 *                                                          +--> controls
 *                                                          +--> ready-files
 *                                                          +--> dead-letters
 * </pre>
 */
public final class StateTopology implements Supplier<Topology> {
    /** Maps a file's id to its state: the authoritative table. */
    public static final String FILES = "files";
    /** The newest moves of each file. */
    public static final String HISTORY = "history";
    /** The times at which ended files leave the table. */
    static final String EXPIRY = "expiry";
    /** The files by status, failure, route and destination. It exists only on this machine. */
    public static final String GROUPS = "groups";

    /** Those that Kafka Streams keeps in topics, too. */
    public static final List<String> LOGGED_STORES = List.of(FILES, HISTORY, EXPIRY);

    private static final String SOURCE = "file-events";
    private static final String RULES = "apply-rules";

    private final Topics topics;
    private final Serializer<FileState> states;
    private final Rules rules;
    private final StateMetrics metrics;
    private final FileCounts counts;
    private final StateChangeListeners changes;
    private final Releases releases;
    private final ProcessClock clock;
    private final EagerCommitPolicy eagerCommits;
    private final RecentTargets targets = new RecentTargets();

    /**
     * @param counts   gets the tasks of this process
     * @param changes  gets each change of a state
     * @param releases says which files need not wait any longer
     */
    public StateTopology(
            WaybillConfig config,
            Topics topics,
            MeterRegistry meters,
            FileCounts counts,
            StateChangeListeners changes,
            Releases releases,
            ProcessClock clock) {
        this.topics = topics;
        this.states = new MemoizingSerializer<>(StoreSerdes.of(topics.fileState()).serializer());
        this.rules = new Rules(config);
        this.metrics = new StateMetrics(meters, config.routes().keySet());
        this.counts = counts;
        this.changes = changes;
        this.releases = releases;
        this.clock = clock;
        this.eagerCommits = new EagerCommitPolicy(clock);
    }

    @Override
    public Topology get() {
        var topology = new Topology();
        topology.addSource(
                SOURCE,
                Received.keys(topics.fileEvents()),
                Received.deserializer(topics.fileEvents()),
                topics.fileEvents().name());
        topology.addProcessor(RULES, rulesProcessors(), SOURCE);
        topology.addSink(
                Outbox.FILE_STATE, topics.fileState().name(), topics.fileState().key().serializer(), states, RULES);
        sink(topology, Outbox.TRANSFER_WORK, topics.transferWork());
        sink(topology, Outbox.CONTROLS, topics.controls());
        sink(topology, Outbox.READY_FILES, topics.readyFiles());
        sink(topology, Outbox.DEAD_LETTERS, topics.deadLetters());
        return topology;
    }

    ProcessorSupplier<FileId, Received<FileEvent>, Object, Object> rulesProcessors() {
        return new RulesSupplier();
    }

    private static <K, V> void sink(Topology topology, String node, Topic<K, V> topic) {
        topology.addSink(
                node, topic.name(), topic.key().serializer(), topic.value().serializer(), RULES);
    }

    /** The number of partitions of file-events. */
    int partitions() {
        return topics.fileEvents().layout().partitions();
    }

    Rules rules() {
        return rules;
    }

    StateMetrics metrics() {
        return metrics;
    }

    FileCounts counts() {
        return counts;
    }

    StateChangeListeners changes() {
        return changes;
    }

    Releases releases() {
        return releases;
    }

    ProcessClock clock() {
        return clock;
    }

    /** All tasks share it, because files of one path are in different partitions. */
    RecentTargets targets() {
        return targets;
    }

    EagerCommitPolicy eagerCommits() {
        return eagerCommits;
    }

    /** Supplies the processor together with the stores that only it uses. */
    private final class RulesSupplier implements ProcessorSupplier<FileId, Received<FileEvent>, Object, Object> {
        @Override
        public Processor<FileId, Received<FileEvent>, Object, Object> get() {
            return new RulesProcessor(StateTopology.this);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(FILES),
                            topics.fileState().key(),
                            Serdes.serdeFrom(states, StoreSerdes.of(topics.fileState()).deserializer())),
                    Stores.keyValueStoreBuilder(
                            Stores.persistentKeyValueStore(HISTORY), HistoryKey.serde(), HistoryEntry.serde()),
                    DueIndex.storeBuilder(EXPIRY),
                    GroupIndex.storeBuilder(GROUPS));
        }
    }
}
