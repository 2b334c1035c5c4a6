package io.waybill.monitor;

import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Timeouts;
import io.waybill.domain.Window;
import io.waybill.monitor.Watched.Alarm;
import io.waybill.monitor.Watched.Basis;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.DueIndex.Sweep;
import io.waybill.runtime.streams.DueKey;
import java.time.Instant;
import java.util.Objects;
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

    /** What exists from the beginning of a task to its end. */
    private record Task(
            ProcessorContext<Object, Object> context,
            KeyValueStore<FileId, Watched> watched,
            DueIndex deadlines,
            Recount recount,
            Letters letters) {}

    MonitorProcessor(MonitorTopology spec) {
        this.spec = spec;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        KeyValueStore<FileId, Watched> watched = context.getStateStore(MonitorTopology.WATCHED);
        var deadlines = new DueIndex(context.getStateStore(MonitorTopology.DEADLINES), spec.clock());
        var letters = new Letters(context, context.getStateStore(MonitorTopology.SETBACKS), spec.metrics());
        var open = new Task(context, watched, deadlines, new Recount(watched, MonitorTopology.RECOUNTED), letters);
        task = open;
        context.schedule(spec.tick(), PunctuationType.WALL_CLOCK_TIME, now -> tick(open, now));
    }

    private void tick(Task open, long now) {
        open.recount().goOn((id, file) -> renewed(open, id, file, now));
        Sweep sweep =
                open.deadlines().sweep(Instant.ofEpochMilli(now), spec.budget(), due -> sound(open, due, now));
        spec.metrics().ticked(open.context().taskId(), open.recount().alarms(), sweep.lag());
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
        }
        Watched after = null;
        if (file == null) {
            open.letters().forget(id);
        } else {
            after = after(file, before != null && before.givenUp(), record.timestamp());
            open.letters().note(file, record.timestamp());
        }
        if (after != null) {
            open.watched().put(id, after);
        } else if (before != null) {
            open.watched().delete(id);
        }
        if (after != null && after.alarm() != null) {
            open.deadlines().add(after.alarm().key(id));
        }
        open.recount().changed(id, before, after);
    }

    /** What is to be known of a file from now on; null when there is nothing to be known. */
    private @Nullable Watched after(FileState file, boolean givenUp, long timestamp) {
        return switch (file.phase()) {
            case Phase.Open phase -> {
                var basis = new Basis(file.route(), Window.of(file, phase));
                var asTold = new Watched(file.version(), Alarm.of(phase.deadline()), givenUp, basis);
                yield today(asTold, timestamp);
            }
            case Phase.Failed _, Phase.TimedOut _ -> Watched.quiet(file.version(), true);
            case Phase.Completed _ -> givenUp ? Watched.quiet(file.version(), true) : null;
        };
    }

    /** As the configuration of today has it; of a route that is not configured, as its state told. */
    private Watched today(Watched file, long now) {
        Timeouts timeouts = file.basis() == null ? null : spec.timeouts(file.basis().route());
        return timeouts == null ? file : file.under(timeouts, now);
    }

    private Watched renewed(Task open, FileId id, Watched file, long now) {
        Watched today = today(file, now);
        Alarm before = file.alarm();
        Alarm after = today.alarm();
        if (before != null && after != null && !after.equals(before)) {
            open.deadlines().remove(before.key(id));
            open.deadlines().add(after.key(id));
            open.watched().put(id, today);
        }
        return today;
    }

    private void sound(Task open, DueKey due, long now) {
        FileId id = due.id();
        Watched watched = open.watched().get(id);
        if (watched == null || watched.alarm() == null || !watched.alarm().key(id).equals(due)) {
            // The index only hints: the alarm was unset, or set anew for another time.
            return;
        }
        Watched today = today(watched, now);
        Alarm alarm = Objects.requireNonNull(today.alarm(), "an alarm is counted anew, not unset");
        Alarm next = alarm.dueMillis() > now ? alarm : alarm.again(now);
        open.deadlines().add(next.key(id));
        open.watched().put(id, today.withAlarm(next));
        if (alarm.dueMillis() > now) {
            // It was set under another configuration.
            return;
        }
        var event = new DeadlineReached(id, Instant.ofEpochMilli(now), alarm.kind(), watched.version());
        open.context().forward(new Record<>(id, event, now), MonitorTopology.TO_FILE_EVENTS);
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
