package io.waybill.monitor;

import io.waybill.domain.DeadLetter;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.monitor.Watched.Alarm;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueIndex.Sweep;
import io.waybill.runtime.streams.DueKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Sets and unsets the alarm of each file, sounds those that are due, and writes a letter for what was given up. */
final class MonitorProcessor implements Processor<FileId, FileState, Object, Object> {
    private final MonitorTopology spec;
    private @Nullable Task task;
    private long alarms;

    /** What exists from the beginning of a task to its end. */
    private record Task(
            ProcessorContext<Object, Object> context, KeyValueStore<FileId, Watched> watched, DueIndex deadlines) {}

    MonitorProcessor(MonitorTopology spec) {
        this.spec = spec;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        KeyValueStore<FileId, Watched> watched = context.getStateStore(MonitorTopology.WATCHED);
        var deadlines = new DueIndex(context.getStateStore(MonitorTopology.DEADLINES), spec.clock());
        var open = new Task(context, watched, deadlines);
        task = open;
        alarms = deadlines.count();
        context.schedule(spec.tick(), PunctuationType.WALL_CLOCK_TIME, now -> {
            Sweep sweep = deadlines.sweep(Instant.ofEpochMilli(now), spec.budget(), due -> sound(open, due, now));
            spec.metrics().ticked(context.taskId(), alarms, sweep.lag());
        });
    }

    @Override
    public void process(Record<FileId, FileState> record) {
        Task open = open();
        FileId id = record.key();
        FileState file = record.value();
        Watched before = open.watched().get(id);
        if (file != null && before != null && file.version() <= before.version()) {
            // A replay, after the group's position was lost.
            return;
        }
        if (before != null && before.alarm() != null) {
            open.deadlines().remove(before.alarm().key(id));
            alarms--;
        }
        if (file == null) {
            open.watched().delete(id);
            return;
        }
        boolean givenUp = before != null && before.givenUp();
        switch (file.phase()) {
            case Phase.Open phase -> {
                Alarm alarm = Alarm.of(phase.deadline());
                open.deadlines().add(alarm.key(id));
                alarms++;
                open.watched().put(id, new Watched(file.version(), alarm, givenUp));
            }
            case Phase.Failed failed -> giveUp(open, file, failed.failure().toString(), record.timestamp());
            case Phase.TimedOut timedOut -> giveUp(open, file, reason(timedOut), record.timestamp());
            case Phase.Completed _ -> {
                if (givenUp) {
                    open.watched().put(id, new Watched(file.version(), null, true));
                } else {
                    open.watched().delete(id);
                }
            }
        }
    }

    private void giveUp(Task open, FileState file, String reason, long timestamp) {
        open.watched().put(file.id(), new Watched(file.version(), null, true));
        byte[] key = file.id().value().getBytes(StandardCharsets.UTF_8);
        // The time of the record that told of it: the event's own is somebody's word, and the broker checks.
        open.context()
                .forward(
                        new Record<>(key, new DeadLetter.GivenUp(file, reason), timestamp),
                        MonitorTopology.TO_DEAD_LETTERS);
        spec.metrics().deadLetter(file);
    }

    private static String reason(Phase.TimedOut timedOut) {
        return switch (timedOut.kind()) {
            case UNCLAIMED -> "nobody took up " + timedOut.stage() + " " + timedOut.attempt() + " in time";
            case UNFINISHED -> "nobody reported the end of " + timedOut.stage() + " " + timedOut.attempt() + " in time";
            case RETRY_DUE -> throw new IllegalStateException("a due retry is no time-out");
        };
    }

    private void sound(Task open, DueKey due, long now) {
        FileId id = due.id();
        Watched watched = open.watched().get(id);
        if (watched == null || watched.alarm() == null || !watched.alarm().key(id).equals(due)) {
            // The index only hints: the alarm was unset, or set anew for another time.
            return;
        }
        Alarm alarm = watched.alarm();
        var event = new DeadlineReached(id, Instant.ofEpochMilli(now), alarm.kind(), watched.version());
        open.context().forward(new Record<>(id, event, now), MonitorTopology.TO_FILE_EVENTS);
        Alarm again = alarm.again(now);
        open.deadlines().add(again.key(id));
        open.watched().put(id, watched.withAlarm(again));
        spec.metrics().said(alarm.kind(), alarm.said() > 0);
    }

    private Task open() {
        if (task == null) {
            throw new IllegalStateException("init() comes before process()");
        }
        return task;
    }

    @Override
    public void close() {
        if (task != null) {
            spec.metrics().closed(task.context().taskId());
        }
    }
}
