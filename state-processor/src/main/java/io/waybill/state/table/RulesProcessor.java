package io.waybill.state.table;

import io.waybill.domain.Controls;
import io.waybill.domain.Decision;
import io.waybill.domain.Decision.Ignored;
import io.waybill.domain.Decision.Moved;
import io.waybill.domain.Decision.Rejected;
import io.waybill.domain.FailureKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileEvent.Arrived;
import io.waybill.domain.FileEvent.Completed;
import io.waybill.domain.FileEvent.DeadlineReached;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Phase;
import io.waybill.domain.Target;
import io.waybill.domain.Unplaced;
import io.waybill.runtime.streams.DueIndex;
import io.waybill.runtime.streams.ReadMark;
import io.waybill.runtime.streams.Received;
import io.waybill.runtime.topic.PoisonLetter;
import io.waybill.state.index.GroupIndex;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a file's state, lets the rules decide, and keeps and sends the decision. */
final class RulesProcessor implements Processor<FileId, Received<FileEvent>, Object, Object> {
    private static final Logger LOG = LoggerFactory.getLogger(RulesProcessor.class);
    private static final Duration EXPIRY_TICK = Duration.ofSeconds(10);
    /**
     * How often a task looks for releases while one of its files waits. Each look costs a commit. So it is more often only
     * while there is a release, and a task whose files do not wait does not look.
     */
    private static final Duration RELEASE_TICK = Duration.ofSeconds(1);
    private static final Duration BUSY_TICK = Duration.ofMillis(50);
    private static final Ignored LEFT = new Ignored("the event was read before, and its file has left the table since");

    private final StateTopology spec;
    private @Nullable Task task;
    private @Nullable Cancellable expiry;
    private @Nullable Cancellable looks;
    private @Nullable Cancellable busy;

    /** The objects that exist from the beginning of a task to its end. */
    private record Task(
            ProcessorContext<Object, Object> context,
            FileTable table,
            ReadMark read,
            Outbox outbox,
            TaskReleases releases) {}

    RulesProcessor(StateTopology spec) {
        this.spec = spec;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        var table = new FileTable(
                context.getStateStore(StateTopology.FILES),
                context.getStateStore(StateTopology.HISTORY),
                new DueIndex(context.getStateStore(StateTopology.EXPIRY), spec.clock()),
                new GroupIndex(context.getStateStore(StateTopology.GROUPS)),
                spec.rules()::stay);
        var outbox = new Outbox(context);
        var read = new ReadMark(context.getStateStore(StateTopology.EXPIRY));
        var releases = new TaskReleases(table, spec.releases(), this::handOut);
        task = new Task(context, table, read, outbox, releases);
        releases.begin(file -> spec.rules().knows(file.route()));
        lookForReleases(context, releases);
        spec.counts().opened(context.taskId(), table.counts());
        expiry = ticks(context, EXPIRY_TICK, () -> {
            Instant now = spec.clock().instant();
            table.expire(now, file -> expired(outbox, file, now.toEpochMilli()));
            read.write();
        });
    }

    /** At multiples of the period, so that the tasks of a thread share one commit. */
    private static Cancellable ticks(ProcessorContext<Object, Object> context, Duration period, Runnable work) {
        return context.schedule(Instant.EPOCH, period, PunctuationType.WALL_CLOCK_TIME, _ -> work.run());
    }

    private static @Nullable Cancellable stopped(@Nullable Cancellable ticks) {
        if (ticks != null) {
            ticks.cancel();
        }
        return null;
    }

    /** Looks until no file waits. */
    private void lookForReleases(ProcessorContext<Object, Object> context, TaskReleases releases) {
        if (looks != null) {
            return;
        }
        looks = ticks(context, RELEASE_TICK, () -> {
            release(context, releases);
            spec.metrics().waiting(spec.counts().total());
            if (releases.idle()) {
                looks = stopped(looks);
            }
        });
    }

    private void release(ProcessorContext<Object, Object> context, TaskReleases releases) {
        if (releases.tick(spec.clock().instant()) && busy == null) {
            busy = ticks(context, BUSY_TICK, () -> {
                if (!releases.tick(spec.clock().instant())) {
                    busy = stopped(busy);
                }
            });
        }
    }

    /** Makes the attempt of a file that waits due now, if the rules agree. */
    private boolean handOut(FileState file, DeadlineReached.Asked asked) {
        Instant now = spec.clock().instant();
        var event = DeadlineReached.now(file, now, asked);
        if (!(byTheRules(file, event, now) instanceof Moved moved)) {
            return false;
        }
        moved(open(), file, moved, event, now.toEpochMilli());
        spec.metrics().released(file, moved.state());
        return true;
    }

    private void expired(Outbox outbox, FileState file, long now) {
        outbox.tombstone(file.id(), now);
        if (Controls.mayStand(file)) {
            outbox.release(file.id(), now);
        }
        spec.metrics().expired();
    }

    @Override
    public void process(Record<FileId, Received<FileEvent>> record) {
        Task open = open();
        FileEvent event = record.value().value();
        FileState before = open.table().get(record.key());
        Decision decision = decide(open, before, record);
        switch (decision) {
            case Moved moved -> {
                moved(open, before, moved, event, record.timestamp());
                spec.metrics().moved(before, moved.state());
            }
            case Ignored(var reason) -> {
                if (before == null && event instanceof DeadlineReached && !decision.equals(LEFT)) {
                    // A monitor that was away for long cannot see that a file left the table meanwhile. The tombstone
                    // says so.
                    open.outbox().tombstone(record.key(), record.timestamp());
                }
                spec.metrics().ignored(event);
                LOG.atDebug()
                        .addKeyValue("fileId", event.id())
                        .addKeyValue("event", event.getClass().getSimpleName())
                        .addKeyValue("reason", reason)
                        .log("An event is ignored");
            }
            case Rejected(var reason) -> rejected(open, record, reason);
        }
        if (Controls.released(before, event, decision)) {
            open.outbox().release(record.key(), record.timestamp());
        }
        open.context().recordMetadata().ifPresent(from -> open.read().reached(from.offset(), record.timestamp()));
        lookForReleases(open.context(), open.releases());
    }

    private Decision decide(Task open, @Nullable FileState before, Record<FileId, Received<FileEvent>> record) {
        FileId key = record.key();
        FileEvent event = record.value().value();
        if (before == null && leftTheTable(open, event, record.timestamp())) {
            return LEFT;
        }
        if (!key.equals(event.id())) {
            return new Rejected("the record's key is the file " + key + ", its event speaks of " + event.id());
        }
        return misplaced(open, key)
                .orElseGet(() -> byTheRules(before, event, Instant.ofEpochMilli(record.timestamp())));
    }

    /** The rules do not throw. If they do, the event becomes a dead letter: it must not stop the stream again and again. */
    private Decision byTheRules(@Nullable FileState before, FileEvent event, Instant written) {
        try {
            return spec.rules().decide(before, event, written, spec.clock().instant());
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("fileId", event.id()).setCause(e).log("The rules hit a fault of Waybill");
            return new Rejected("a fault of Waybill: " + e);
        }
    }

    /** Whether the event of an unknown file is a replay, because the group's position was lost. */
    private boolean leftTheTable(Task open, FileEvent event, long written) {
        boolean again = open.context()
                .recordMetadata()
                .filter(from -> open.read().covers(from.offset(), written))
                .isPresent();
        if (!again || !(event instanceof Arrived arrived)) {
            return again;
        }
        // A younger event may have become a dead letter before. If it is read again, the file is wanted.
        Instant leaves = Instant.ofEpochMilli(written).plus(spec.rules().stay(arrived.route()));
        return leaves.isBefore(spec.clock().instant());
    }

    /**
     * Refuses a record that is in another partition than its key's. The task of the key's partition keeps the state of
     * the file. So in this task the event would move nothing, or begin a second life of the file.
     */
    private Optional<Decision> misplaced(Task open, FileId key) {
        int partitions = spec.partitions();
        int right = FilePartition.of(key, partitions);
        return open.context()
                .recordMetadata()
                .filter(from -> from.partition() != right)
                .map(from -> new Rejected("the record is in partition " + from.partition() + " of " + from.topic()
                        + ", and its key belongs in partition " + right + " of " + partitions
                        + ": its writer must partition keys by murmur2, as Kafka's own clients do; librdkafka does with"
                        + " partitioner=murmur2_random"));
    }

    private void moved(Task open, @Nullable FileState before, Moved moved, FileEvent event, long timestamp) {
        FileState after = moved.state();
        boolean known = spec.rules().knows(after.route());
        open.table().put(before, after, event, note(before, after, event, known));
        open.outbox().state(after, timestamp);
        moved.effects().forEach(effect -> open.outbox().effect(effect, after, timestamp));
        if (!moved.effects().isEmpty() && spec.eagerCommits().due(Instant.ofEpochMilli(timestamp))) {
            open.context().commit();
        }
        spec.changes().changed(event, after);
        open.releases().moved(after);
        if (!known) {
            LOG.atWarn()
                    .addKeyValue("fileId", after.id())
                    .addKeyValue("route", after.route())
                    .log(Unplaced.is(after)
                            ? "A file is of a route that is not configured here; it waits"
                            : "A file's route is no longer configured; the settings in its state apply");
        }
    }

    /** The text for the history if another key of the file's route had the same target before; else empty. */
    private String sharedTarget(@Nullable FileState before, FileState after) {
        Target target = after.target();
        if (target == null || before != null && target.equals(before.target())) {
            return "";
        }
        return spec.targets()
                .given(after, target, spec.rules().folding(target.destination()))
                .map(other -> {
                    spec.metrics().targetShared(after.route());
                    LOG.atWarn()
                            .addKeyValue("fileId", after.id())
                            .addKeyValue("route", after.route())
                            .addKeyValue("other", other)
                            .log("Two keys of one route have one target path");
                    return "another key of its route has the target " + target.path() + ", too: file " + other;
                })
                .orElse("");
    }

    /** The addition to the event's own text in the history. */
    private String note(@Nullable FileState before, FileState after, FileEvent event, boolean known) {
        boolean cancelled = before != null
                && before.phase() instanceof Phase.Failed(_, _, var failure)
                && failure.kind() == FailureKind.CANCELLED;
        boolean delivered = event instanceof Completed completed && completed.receipt() != null;
        return Stream.of(
                cancelled && delivered ? "the cancellation came too late: the file had been delivered" : "",
                known ? sharedTarget(before, after)
                        : Unplaced.is(after) ? "its route is not configured here" : "its route is no longer configured")
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private void rejected(Task open, Record<FileId, Received<FileEvent>> record, String reason) {
        FileEvent event = record.value().value();
        spec.metrics().rejected(event);
        LOG.atWarn()
                .addKeyValue("fileId", record.key())
                .addKeyValue("event", event.getClass().getSimpleName())
                .addKeyValue("reason", reason)
                .log("An event is rejected and becomes a dead letter");
        String origin = open.context()
                .recordMetadata()
                .map(from -> from.topic() + "-" + from.partition() + "@" + from.offset())
                .orElse("");
        var letter = PoisonLetter.of(
                spec.clock().instant(),
                origin,
                record.key().value().getBytes(StandardCharsets.UTF_8),
                record.value().raw(),
                record.headers(),
                "rejected: " + reason);
        open.outbox().deadLetter(letter, record.timestamp());
    }

    private Task open() {
        if (task == null) {
            throw new IllegalStateException("init() comes before process()");
        }
        return task;
    }

    @Override
    public void close() {
        // Kafka Streams keeps the ticks of a task that it revives after a fault. They would go on with what the task knew
        // before, and that was never committed.
        expiry = stopped(expiry);
        looks = stopped(looks);
        busy = stopped(busy);
        if (task != null) {
            spec.counts().closed(task.context().taskId(), task.table().counts());
            spec.metrics().waiting(spec.counts().total());
        }
    }
}
