package io.waybill.lives;

import io.waybill.domain.Control;
import io.waybill.domain.ControlRecord;
import io.waybill.domain.Deadline;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Lane;
import io.waybill.domain.Phase;
import io.waybill.domain.ReadyFile;
import io.waybill.domain.Release;
import io.waybill.domain.Suspension;
import io.waybill.domain.Timeouts;
import io.waybill.domain.TransferWork;
import io.waybill.domain.Unplaced;
import io.waybill.domain.schedule.Span;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.state.table.SimulatedTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The state of all files: the real state-processor's table, which is told what is committed in file-events and in controls a
 * while after it was. Where no monitor does, it says when a deadline passes.
 */
final class State implements SimulatedTable.Listener {
    private static final int[] DELAYS = {20, 1, 700, 40_000};
    private static final long TICK = 1000;
    private static final long HEARD = 500;
    /** A release that is heard before its files wait is looked at again after 30 seconds. */
    private static final long LOOKED_AT_AGAIN = 31_000;

    private final World world;
    private final SimulatedTable table;
    private final Map<String, String> targets = new HashMap<>();
    private final Map<String, Set<String>> sharing = new HashMap<>();
    private final Importers importers;
    private final Monitor monitor;
    /** When the table's clock ticks. The ticks are left out at which it has nothing to do. */
    private final Set<Long> ticks = new TreeSet<>();
    private long position;
    private boolean planned;
    private long heard;
    private boolean hearing;
    private boolean released;
    private boolean ticksSoon;

    State(World world) {
        this.world = world;
        table = new SimulatedTable(world.topics(), world.kernel()::instant, this);
        importers = new Importers(world);
        monitor = world.plan().settings().monitored() ? new Monitor(world) : null;
        world.log().listen(this::plan);
        world.log().listen(this::planReleases);
    }

    private void planReleases() {
        if (!hearing && world.controls().stable() > heard && !world.controls().offline()) {
            hearing = true;
            world.kernel().after(HEARD, this::hearReleases);
        }
    }

    private void hearReleases() {
        hearing = false;
        long end = world.controls().stable();
        List<Log.Entry> entries = world.controls().committed(heard);
        heard = end;
        for (Log.Entry entry : entries) {
            var values = world.topics().controls().value().deserializer();
            if (entry.value() != null && !world.mischief().does(Mutation.RELEASES_NEVER_HEARD)) {
                hear(values.deserialize("", entry.value()));
            }
        }
        planReleases();
    }

    private void hear(ControlRecord record) {
        switch (record) {
            case Release release -> table.heard(release);
            case Suspension suspension -> {
                table.heard(suspension);
                if (monitor != null) {
                    monitor.heard(suspension);
                }
                suspension.present(world.kernel().instant()).map(Span::to)
                        .ifPresent(to -> tickAfter(Duration.between(world.kernel().instant(), to).toMillis() + TICK));
            }
            case Control _, ControlRecord.Approval _ -> {
                return;
            }
        }
        released = true;
        tickAfter(TICK);
    }

    private void tickAfter(long millis) {
        long at = (world.kernel().now() + millis) / TICK * TICK;
        if (ticks.add(at)) {
            world.kernel().at(at, () -> {
                ticks.remove(at);
                tick();
            });
        }
    }

    private void tick() {
        if (table.tick().toMillis() < TICK && !ticksSoon) {
            ticksSoon = true;
            world.kernel().after(TICK / 10, () -> {
                ticksSoon = false;
                tick();
            });
        }
    }

    /** It starts, or starts again with another configuration. */
    void configure(WaybillConfig config) {
        table.start(config);
        heard = 0;
        planReleases();
        tickAfter(TICK);
    }

    List<FileState> files() {
        return List.copyOf(table.files().values());
    }

    FileState of(String id) {
        return table.files().get(new FileId(id));
    }

    /** Whether it was said of two keys that they have one target; as RecentTargets says it. */
    boolean saidToShare(String one, String other) {
        return sharing.values().stream().anyMatch(keys -> keys.contains(one) && keys.contains(other));
    }

    private void noteTarget(FileState file) {
        String key = world.setting().folding().fold(file.target().path());
        String before = targets.put(key, file.source().key());
        if (before != null && !before.equals(file.source().key())) {
            sharing.computeIfAbsent(key, _ -> new HashSet<>()).addAll(Set.of(before, file.source().key()));
        }
    }

    /** Whether the table has anything of what a file was. */
    boolean keeps(FileState was) {
        return table.keeps(was);
    }

    boolean allTerminal() {
        return table.files().values().stream().allMatch(file -> file.status().terminal());
    }

    /** Whether a file that is to appear under a name is not at its end. */
    boolean open(String path) {
        return table.files().values().stream()
                .anyMatch(file -> !file.status().terminal()
                        && file.target() != null
                        && file.target().path().value().equals(path));
    }

    boolean idle() {
        return position >= world.events().highWatermark() && (monitor == null || monitor.idle());
    }

    private void plan() {
        if (!planned && world.events().stable() > position) {
            planned = true;
            world.kernel().after(DELAYS[world.kernel().choices().next(DELAYS.length)], this::catchUp);
        }
    }

    private void catchUp() {
        planned = false;
        long end = world.events().stable();
        List<Log.Entry> entries = world.events().committed(position);
        position = end;
        for (Log.Entry entry : entries) {
            apply(world.topics().fileEvents().value().deserializer().deserialize("", entry.value()));
        }
        plan();
    }

    private void apply(FileEvent event) {
        FileState before = table.files().get(event.id());
        if (world.mischief().overlooks(world, event)) {
            world.truth().moved(before, event, before);
            return;
        }
        String otherwise = world.story().kept() ? table.decide(before, event).toString() : "";
        if (!table.process(event)) {
            tell(event, otherwise);
            world.truth().moved(before, event, before);
        }
    }

    private void tell(FileEvent event, String what) {
        if (world.story().kept()) {
            world.story().tell("state", world.called(event.id()) + " " + described(event) + " -> " + what);
        }
    }

    @Override
    public void moved(FileState before, FileEvent told, FileState after) {
        FileEvent event = told;
        if (event == null) {
            world.seen(Unplaced.is(before) ? "placed" : "released");
            event = FileEvent.DeadlineReached.now(
                    before, world.kernel().instant(),
                    new FileEvent.DeadlineReached.Asked("state-processor", "released"));
        }
        if (after.target() != null && (before == null || !after.target().equals(before.target()))) {
            noteTarget(after);
        }
        if (monitor != null) {
            monitor.told(after);
        } else if (after.phase() instanceof Phase.Open) {
            watch(after);
        }
        if (released) {
            tickAfter(TICK);
            tickAfter(LOOKED_AT_AGAIN);
        }
        tell(event, phase(after));
        if (after.forgotten() && world.mischief().does(Mutation.HISTORY_NOT_FORGOTTEN)) {
            table.remember(before);
        }
        world.truth().moved(before, event, after);
    }

    @Override
    public void work(String lane, TransferWork work) {
        FileState file = table.files().get(work.id());
        world.truth().dispatched(file);
        TransferWork told = world.mischief().does(Mutation.DELIVERED_NOT_NAMED) && file.resent() ? silent(work) : work;
        ProducerRecord<byte[], byte[]> record = world.topics().transferWork().record(lane, told);
        Log.Partition partition = world.work(world.setting().partitionOf(Lane.parse(lane)));
        world.log().appendCommitted(partition, record.key(), record.value());
    }

    /** The same work, of a state that knows of no delivery. */
    private static TransferWork silent(TransferWork work) {
        return new TransferWork(
                work.id(), work.route(), work.attempt(), work.source(), work.target(), work.onConflict(), work.verify(),
                work.createDirectories(), 0, work.keep(), work.attributes(), work.skipUnchanged());
    }

    @Override
    public void control(FileId key, ControlRecord said) {
        ProducerRecord<byte[], byte[]> record = world.topics().controls().record(key, said);
        if (said instanceof Control control) {
            if (world.story().kept()) {
                world.story().tell("state", world.called(control.id()) + " is told to be " + control.kind()
                        + " up to sending " + control.sending());
            }
            world.truth().givenUp(control);
        }
        world.log().appendCommitted(world.controls(), record.key(), record.value());
    }

    @Override
    public void ready(ReadyFile ready) {
        FileState file = table.files().get(ready.id());
        world.truth().announced(file);
        importers.announced(file.id());
        if (world.mischief().does(Mutation.ANNOUNCED_TWICE)) {
            world.truth().announced(file);
        }
    }

    /** How much later than configured a deadline may be said. */
    Duration monitorSlack() {
        return monitor == null ? Duration.ZERO : monitor.slack();
    }

    /** Something happens to the monitor; to nobody where there is none. */
    void disturbMonitor(Fault fault) {
        if (monitor != null) {
            monitor.disturb(fault);
        }
    }

    private static String described(FileEvent event) {
        return switch (event) {
            case FileEvent.Failed failed -> "Failed " + failed.attempt() + " " + failed.failure();
            case FileEvent.Deferred deferred -> "Deferred " + deferred.attempt() + " until " + deferred.until();
            case FileEvent.DeadlineReached reached -> "DeadlineReached " + reached.kind();
            case FileEvent.Report report -> report.getClass().getSimpleName() + " " + report.attempt();
            default -> event.getClass().getSimpleName();
        };
    }

    private static String phase(FileState file) {
        return file.status() + " " + file.phase().attempt() + (file.phase() instanceof Phase.Failed failed
                ? " " + failed.failure().kind()
                : "");
    }

    private void watch(FileState file) {
        if (!world.mischief().watchesDeadlines() || world.mischief().does(Mutation.DEADLINES_NOT_WATCHED)) {
            return;
        }
        Deadline deadline = deadline(file);
        long at = deadline.at().toEpochMilli() - Kernel.START.toEpochMilli();
        // The monitor looks once a tick, at what is long due as well.
        world.kernel().at(Math.max(at, world.kernel().now()) + TICK, () -> {
            FileState now = table.files().get(file.id());
            if (now.version() == file.version()) {
                DeadlineKind kind = deadline(now).kind();
                world.tell(new FileEvent.DeadlineReached(file.id(), world.kernel().instant(), kind, file.version()));
            }
        });
    }

    /** As the configuration of today has it. */
    Deadline deadline(FileState file) {
        Timeouts timeouts = world.setting().timeouts(file.route());
        FileState today = timeouts == null ? file : file.under(timeouts);
        return ((Phase.Open) today.phase()).deadline();
    }
}
