package io.waybill.state.table;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.DeadLetter;
import io.waybill.domain.Decision;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.Release;
import io.waybill.domain.Suspension;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.halt.Halts;
import io.waybill.runtime.streams.DueKey;
import io.waybill.runtime.streams.Received;
import io.waybill.runtime.streams.SortedStore;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.topic.Topics;
import io.waybill.state.index.FileCounts;
import io.waybill.state.index.GroupKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The real state-processor's processor over stores in memory, driven from outside instead of by Kafka Streams. The one place
 * where a simulated life knows how the table is made. One thread.
 */
public final class SimulatedTable {
    private static final byte[] NOT_KEPT = {};

    private final Topics topics;
    private final InstantSource now;
    private final Listener listener;
    private final SortedStore<FileId, FileState> files;
    private final SortedStore<HistoryKey, HistoryEntry> history =
            SortedStore.ofValues(StateTopology.HISTORY, HistoryKey.serde(), HistoryEntry.class);
    private final SortedStore<DueKey, byte[]> expiry =
            new SortedStore<>(StateTopology.EXPIRY, DueKey.serde(), Serdes.ByteArray());
    private final SortedStore<GroupKey, byte[]> groups =
            new SortedStore<>(StateTopology.GROUPS, GroupKey.serde(), Serdes.ByteArray());
    /** As the processor said them, in the order in which they came. */
    private final Map<FileId, FileState> said = new LinkedHashMap<>();
    private StateTopology spec;
    private Halts halts;
    private RulesProcessor processor;
    private MockProcessorContext<Object, Object> context;

    /** Is told what the processor does, in the order in which it does it. */
    public interface Listener {
        /**
         * A file has another state.
         *
         * @param before null for a new file
         * @param event  what it was told; null if the processor moved the file by itself
         */
        void moved(@Nullable FileState before, @Nullable FileEvent event, FileState after);

        /** Work of a file that has moved. */
        void work(String lane, TransferWork work);

        /** A record of controls; null for a tombstone. */
        void control(FileId key, @Nullable ControlRecord record);

        /** A file that has moved is ready. */
        void ready(ReadyFile file);
    }

    public SimulatedTable(Topics topics, InstantSource now, Listener listener) {
        this.topics = topics;
        this.now = now;
        this.listener = listener;
        files = SortedStore.ofValues(StateTopology.FILES, topics.fileState().key(), FileState.class);
    }

    /** Begins, or begins again with what the stores have. It has to hear all controls again. */
    public void start(WaybillConfig config) {
        halts = Halts.of(config);
        spec = new StateTopology(
                config,
                topics,
                new CompositeMeterRegistry(),
                new FileCounts(),
                new StateChangeListeners(),
                new Releases(now, halts),
                ProcessClock.of(now, () -> now.millis() * 1_000_000));
        context = new MockProcessorContext<>();
        context.addStateStore(files);
        context.addStateStore(history);
        context.addStateStore(expiry);
        context.addStateStore(groups);
        processor = new RulesProcessor(spec);
        processor.init(context);
    }

    /** The states, in the order in which the files came. */
    public Map<FileId, FileState> files() {
        return said;
    }

    /**
     * An event comes.
     *
     * @return whether it moved its file
     */
    public boolean process(FileEvent event) {
        processor.process(new Record<>(event.id(), new Received<>(NOT_KEPT, event), now.millis()));
        return handOnAll(event);
    }

    /** The decision about an event, without any effect. */
    public Decision decide(@Nullable FileState before, FileEvent event) {
        return spec.rules().decide(before, event, now.instant());
    }

    /** Whether a store has anything of what a file was: its key, its path, its history, its place in the index. */
    public boolean keeps(FileState was) {
        var all = new StringBuilder();
        FileState now = files.get(was.id());
        if (now != null) {
            all.append(new String(topics.fileState().value().serializer().serialize("", now), StandardCharsets.UTF_8));
        }
        boolean target = was.target() != null && all.indexOf(was.target().path().value()) >= 0;
        try (var moves = history.range(new HistoryKey(was.id(), 0), new HistoryKey(was.id(), Long.MAX_VALUE))) {
            return moves.hasNext()
                    || target
                    || all.indexOf(was.source().key()) >= 0
                    || groups.get(GroupKey.ofObject(was)) != null;
        }
    }

    /** Puts a move into the history of a file, whatever became of the file. */
    public void remember(FileState was) {
        history.put(
                new HistoryKey(was.id(), was.version()),
                new HistoryEntry(
                        was.changedAt().toString(), "Arrived", was.status(), 1, 1, was.version(), was.source().key(),
                        List.of()));
    }

    /** A release is read. */
    public void heard(Release release) {
        spec.releases().heard(release);
    }

    /** A pause is read, or the end of one. */
    public void heard(Suspension suspension) {
        halts.heard(suspension);
    }

    /**
     * The ticks of the clock, all that there are.
     *
     * @return until the next one
     */
    public Duration tick() {
        List.copyOf(context.scheduledPunctuators()).stream()
                .filter(ticks -> !ticks.cancelled())
                .forEach(ticks -> ticks.getPunctuator().punctuate(now.millis()));
        handOnAll(null);
        return context.scheduledPunctuators().stream()
                .filter(ticks -> !ticks.cancelled())
                .map(CapturedPunctuator::getInterval)
                .min(Duration::compareTo)
                .orElseThrow();
    }

    private boolean handOnAll(@Nullable FileEvent event) {
        var forwarded = List.copyOf(context.forwarded());
        context.resetForwards();
        FileEvent told = event;
        for (CapturedForward<?, ?> each : forwarded) {
            if (each.childName().orElseThrow().equals(Outbox.FILE_STATE)
                    && each.record().value() instanceof FileState after) {
                FileState before = said.put(after.id(), after);
                boolean itself = told == null || !told.id().equals(after.id());
                listener.moved(before, itself ? null : told, after);
                told = itself ? told : null;
            } else {
                handOn(each);
            }
        }
        return event != null && told == null;
    }

    private void handOn(CapturedForward<?, ?> effect) {
        Object key = effect.record().key();
        switch (effect.record().value()) {
            case TransferWork work -> listener.work((String) key, work);
            case ControlRecord record -> listener.control((FileId) key, record);
            case ReadyFile file -> listener.ready(file);
            case DeadLetter _ -> {
                // Of an event that was rejected.
            }
            case null -> {
                if (effect.childName().orElseThrow().equals(Outbox.CONTROLS)) {
                    listener.control((FileId) key, null);
                }
            }
            default -> throw new AssertionError(effect);
        }
    }
}
