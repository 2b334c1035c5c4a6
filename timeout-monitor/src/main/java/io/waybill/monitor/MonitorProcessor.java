package io.waybill.monitor;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Stage;
import io.waybill.domain.Timeouts;
import io.waybill.domain.Window;
import io.waybill.monitor.TrackedFile.Basis;
import io.waybill.monitor.TrackedFile.ScheduledDeadline;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueIndex.Sweep;
import io.waybill.runtime.streams.DueKey;
import io.waybill.runtime.streams.ReadMark;
import io.waybill.runtime.topic.PoisonLetter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules the deadline of each file, reports the deadlines that are due, and writes a dead letter for each file that
 * was given up.
 */
final class MonitorProcessor implements Processor<FileId, FileState, Object, Object> {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorProcessor.class);

    /**
     * The longest time between two looks at the deadlines, whatever became of the clock. Each look costs a commit, also if
     * nothing is due.
     */
    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private final MonitorTopology spec;
    private @Nullable Task task;
    private @Nullable NextLook nextLook;

    /**
     * The next look at the deadlines.
     *
     * @param atMillis by the clock of Kafka Streams, as all times at which the processor looks
     */
    private record NextLook(long atMillis, Cancellable ticks) {}

    /** The objects that exist from the beginning of a task to its end. */
    private record Task(
            ProcessorContext<Object, Object> context,
            KeyValueStore<FileId, TrackedFile> tracked,
            DueIndex deadlines,
            DeadlineRecalculation recalculation,
            FormerHistory former,
            ReadMark read) {}

    MonitorProcessor(MonitorTopology spec) {
        this.spec = spec;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        KeyValueStore<FileId, TrackedFile> tracked = context.getStateStore(MonitorTopology.WATCHED);
        KeyValueStore<DueKey, byte[]> due = context.getStateStore(MonitorTopology.DEADLINES);
        var deadlines = new DueIndex(due, spec.clock());
        var recalculation = new DeadlineRecalculation(tracked, MonitorTopology.RECALCULATED);
        var former = new FormerHistory(context.getStateStore(MonitorTopology.SETBACKS));
        var open = new Task(context, tracked, deadlines, recalculation, former, new ReadMark(due));
        task = open;
        lookAt(open, soonest(open));
    }

    /** Looks at a time, unless it looks before that anyway. */
    private void lookAt(Task open, long atMillis) {
        if (nextLook != null && nextLook.atMillis() <= atMillis) {
            return;
        }
        lookNoMore();
        Duration wait = Duration.ofMillis(atMillis - open.context().currentSystemTimeMs());
        nextLook = new NextLook(
                atMillis, open.context().schedule(wait, PunctuationType.WALL_CLOCK_TIME, _ -> look(open)));
    }

    private void lookNoMore() {
        if (nextLook != null) {
            nextLook.ticks().cancel();
            nextLook = null;
        }
    }

    private void look(Task open) {
        lookNoMore();
        try {
            tick(open, spec.clock().millis());
        } finally {
            // Kafka Streams may be configured to go on after a fault of a tick. Deadlines must then pass all the same.
            lookAt(open, planned(open));
        }
    }

    /** When something may be due, or the store has to be searched further. */
    private long planned(Task open) {
        long soonest = soonest(open);
        if (!open.recalculation().done()) {
            return soonest;
        }
        long wait = open.deadlines().nextMillis() - spec.clock().millis();
        long due = open.context().currentSystemTimeMs() + wait;
        return Math.clamp(after(due - 1, spec.tick()), soonest, soonest + LONGEST_REST.toMillis());
    }

    private long soonest(Task open) {
        return after(open.context().currentSystemTimeMs(), spec.tick());
    }

    /** The next multiple of a period. The tasks of a thread look together, and so share one commit. */
    private static long after(long millis, Duration period) {
        return millis + period.toMillis() - Math.floorMod(millis, period.toMillis());
    }

    private void tick(Task open, long now) {
        open.recalculation().goOn((id, file) -> renewed(open, id, file, now));
        Sweep sweep =
                open.deadlines().sweep(Instant.ofEpochMilli(now), spec.budget(), due -> fire(open, due, now));
        open.read().write();
        spec.metrics().ticked(open.context().taskId(), open.recalculation().deadlines(), sweep.lag());
    }

    @Override
    public void process(Record<FileId, FileState> record) {
        Task open = open();
        lookAt(open, soonest(open));
        Optional<RecordMetadata> place = open.context().recordMetadata();
        boolean again = place
                .filter(from -> open.read().covers(from.offset(), record.timestamp()))
                .isPresent();
        try {
            follow(open, record, again);
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            // Kafka Streams would read the state again and again, and no deadline of any file would pass.
            poison(open, record, place, e);
        }
        place.ifPresent(from -> open.read().reached(from.offset(), record.timestamp()));
    }

    private void poison(
            Task open, Record<FileId, FileState> record, Optional<RecordMetadata> place, RuntimeException fault) {
        LOG.atError()
                .addKeyValue("fileId", record.key())
                .setCause(fault)
                .log("A state makes no sense and becomes a dead letter");
        var letter = PoisonLetter.of(
                spec.clock().instant(),
                place.map(from -> from.topic() + "-" + from.partition() + "@" + from.offset()).orElse(""),
                record.key().value().getBytes(StandardCharsets.UTF_8),
                spec.bytes(record.value()),
                record.headers(),
                "a state that the monitor cannot follow: " + fault);
        open.context().forward(new Record<>(letter.key(), letter, record.timestamp()), MonitorTopology.TO_DEAD_LETTERS);
    }

    /**
     * Follows a state. Everything that can fail because of the state comes before the first change of a store.
     *
     * @param again whether the task has read it before, so that its letter is written. The file may have left the table
     *              since
     */
    private void follow(Task open, Record<FileId, FileState> record, boolean again) {
        FileId id = record.key();
        FileState file = record.value();
        TrackedFile before = open.tracked().get(id);
        boolean anew = false;
        if (file != null && before != null && file.version() <= before.version()) {
            anew = before.isOutlivedBy(file);
            if (!anew) {
                // A replay, after the group's position was lost.
                return;
            }
        }
        TrackedFile after = file == null
                ? null
                : after(file, before != null && before.givenUp() && !anew, record.timestamp());
        if (before != null && before.deadline() != null) {
            open.deadlines().remove(before.deadline().key(id));
        }
        if (file == null || anew || file.forgotten()) {
            open.former().forget(id);
        }
        boolean noted = before != null && file != null && before.isNotedIn(file);
        if (file != null && !again && !noted && !file.forgotten()) {
            report(open, file, record.timestamp());
        }
        if (after != null) {
            open.tracked().put(id, after);
        } else if (before != null) {
            open.tracked().delete(id);
        }
        if (after != null && after.deadline() != null) {
            open.deadlines().add(after.deadline().key(id));
        }
        open.recalculation().changed(id, before, after);
    }

    /** What the monitor must remember about a file from now on; null if nothing. */
    private @Nullable TrackedFile after(FileState file, boolean givenUp, long timestamp) {
        return switch (file.phase()) {
            case Phase.Open phase -> {
                var basis = new Basis(file.route(), Window.of(file, phase), phase.stage() == Stage.IMPORT);
                var asTold = new TrackedFile(file.version(), ScheduledDeadline.of(phase.deadline()), givenUp, basis);
                yield today(asTold, timestamp);
            }
            case Phase.Failed _, Phase.TimedOut _ -> TrackedFile.ended(file);
            case Phase.Completed _ -> givenUp ? TrackedFile.ended(file) : null;
        };
    }

    /**
     * Writes a letter if a new state says that its file was given up.
     *
     * @param timestamp of the record with the state. The event's own time comes from its sender, and the broker checks
     *                  the time of a record
     */
    private void report(Task open, FileState file, long timestamp) {
        switch (file.phase()) {
            case Phase.Open _ -> {
                // A redriven file keeps its failures.
            }
            case Phase.Completed _ -> open.former().forget(file.id());
            case Phase.Failed _, Phase.TimedOut _ -> {
                DeadLetter letter = DeadLetterMapper.letter(file, open.former().of(file.id()));
                byte[] key = file.id().value().getBytes(StandardCharsets.UTF_8);
                open.context().forward(new Record<>(key, letter, timestamp), MonitorTopology.TO_DEAD_LETTERS);
                spec.metrics().deadLetter(file);
            }
        }
    }

    /**
     * Returns the file with the time-outs of today's configuration. If the route is not configured, the file keeps the
     * deadline from its state.
     */
    private TrackedFile today(TrackedFile file, long now) {
        return file.under(timeouts(file), now);
    }

    private @Nullable Timeouts timeouts(TrackedFile file) {
        return file.basis() == null ? null : spec.timeouts(file.basis().route());
    }

    private TrackedFile renewed(Task open, FileId id, TrackedFile file, long now) {
        TrackedFile today = today(file, now);
        ScheduledDeadline before = file.deadline();
        ScheduledDeadline after = today.deadline();
        if (before != null && after != null && !after.equals(before)) {
            open.deadlines().remove(before.key(id));
            open.deadlines().add(after.key(id));
            open.tracked().put(id, today);
        }
        return today;
    }

    /** Pauses are looked at when a deadline is due, and not when they begin: no deadline moves for the others. */
    private TrackedFile outsideOfHalts(TrackedFile file, long now) {
        ScheduledDeadline deadline = file.deadline();
        return deadline == null || deadline.dueMillis() > now || file.basis() == null
                ? file
                : file.outsideOf(spec.halts().timeline(file.basis().route()), timeouts(file), now);
    }

    private void fire(Task open, DueKey due, long now) {
        FileId id = due.id();
        TrackedFile file = open.tracked().get(id);
        if (file == null || file.deadline() == null || !file.deadline().key(id).equals(due)) {
            // The index is only a hint. Since this entry was written, the file lost its deadline or got another one.
            return;
        }
        TrackedFile today = outsideOfHalts(today(file, now), now);
        ScheduledDeadline deadline = Objects.requireNonNull(today.deadline(), "a deadline is counted anew, not unset");
        boolean tooSoon = deadline.dueMillis() > now;
        TrackedFile next = tooSoon ? today : today.said(timeouts(file), now);
        open.deadlines().add(Objects.requireNonNull(next.deadline(), "as above").key(id));
        open.tracked().put(id, next);
        if (tooSoon) {
            // The deadline was set under another configuration, or its file may not start now.
            return;
        }
        var event = new DeadlineReached(id, Instant.ofEpochMilli(now), deadline.kind(), file.version());
        open.context().forward(new Record<>(id, event, now), MonitorTopology.TO_FILE_EVENTS);
        // As long as the transaction is open, nobody reads what others write to that partition: arrivals of files would wait.
        open.context().commit();
        spec.metrics().said(deadline.kind(), deadline.said() > 0);
    }

    private Task open() {
        if (task == null) {
            throw new IllegalStateException("init() comes before process()");
        }
        return task;
    }

    @Override
    public void close() {
        // A task that is revived after a fault begins again with the same processor, and Kafka Streams keeps its ticks.
        lookNoMore();
        if (task != null) {
            spec.metrics().closed(task.context().taskId());
        }
    }
}
