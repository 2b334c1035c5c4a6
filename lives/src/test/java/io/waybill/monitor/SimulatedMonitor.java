package io.waybill.monitor;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Suspension;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueKey;
import io.waybill.runtime.streams.SortedStore;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The real monitor's processor over stores in memory, driven from outside instead of by Kafka Streams. The one place where
 * a simulated life knows how a monitor is made. One thread.
 */
public final class SimulatedMonitor {
    private final Topics topics;
    private final InstantSource now;
    private final Consumer<DeadlineReached> reached;
    private final Consumer<FileState> letters;
    private final SortedStore<FileId, TrackedFile> tracked;
    private final SortedStore<DueKey, byte[]> deadlines =
            new SortedStore<>(MonitorTopology.DEADLINES, DueKey.serde(), Serdes.ByteArray());
    private final SortedStore<FileId, byte[]> setbacks;
    private MonitorTopology topology;
    private Processor<FileId, FileState, Object, Object> processor;
    private MockProcessorContext<Object, Object> context;

    /**
     * @param reached is told what the monitor says to file-events
     * @param letters is told of which file a dead letter is written
     */
    public SimulatedMonitor(
            Topics topics, InstantSource now, Consumer<DeadlineReached> reached, Consumer<FileState> letters) {
        this.topics = topics;
        this.now = now;
        this.reached = reached;
        this.letters = letters;
        tracked = new SortedStore<>(MonitorTopology.WATCHED, topics.fileState().key(), TrackedFile.serde());
        setbacks = new SortedStore<>(MonitorTopology.SETBACKS, topics.fileState().key(), Serdes.ByteArray());
    }

    /** Begins, or begins again with what the stores have. */
    public void start(WaybillConfig config) {
        var clock = ProcessClock.of(now, () -> 0);
        var metrics = new MonitorMetrics(new SimpleMeterRegistry());
        topology = new MonitorTopology(config, topics, DueIndex.Budget.DEFAULT, metrics, clock);
        processor = topology.watch().get();
        context = new MockProcessorContext<>();
        context.addStateStore(tracked);
        context.addStateStore(deadlines);
        context.addStateStore(setbacks);
        context.setCurrentSystemTimeMs(now.millis());
        processor.init(context);
    }

    /** A destination or a route is paused or resumed. It has to hear that again when it begins again. */
    public void heard(Suspension suspension) {
        topology.halts().heard(suspension);
    }

    /** A state comes. */
    public void process(FileState file) {
        context.setCurrentSystemTimeMs(now.millis());
        processor.process(new Record<>(file.id(), file, now.millis()));
        handOn();
    }

    /** The tick of the clock. */
    public void tick() {
        context.setCurrentSystemTimeMs(now.millis());
        context.scheduledPunctuators().getLast().getPunctuator().punctuate(now.millis());
        handOn();
    }

    private void handOn() {
        var forwarded = context.forwarded();
        context.resetForwards();
        forwarded.forEach(each -> {
            switch (each.record().value()) {
                case DeadlineReached event -> reached.accept(event);
                case DeadLetter.GivenUp letter -> letters.accept(letter.file());
                default -> throw new AssertionError(each);
            }
        });
    }

    /** When something is due next, milliseconds since the epoch. */
    public OptionalLong nextDue() {
        return DueIndex.entries(deadlines).stream().mapToLong(DueKey::dueMillis).min();
    }

    /** Loses what it knows of all files; of a control. */
    public void forgetAll() {
        tracked.clear();
        deadlines.clear();
        setbacks.clear();
    }

    /** Loses what was said once and is to be said again; of a control. */
    public void forgetWhatIsSaid() {
        Instant moment = now.instant();
        DueIndex.entries(deadlines).forEach(key -> {
            TrackedFile file = tracked.get(key.id());
            if (file != null && file.deadline() != null && file.deadline().said() > 0 && moment.toEpochMilli() > 0) {
                deadlines.put(key, null);
            }
        });
    }
}
