package io.waybill.lives;

import io.waybill.domain.Controls;
import io.waybill.domain.Deadline;
import io.waybill.domain.DeadlineKind;
import io.waybill.domain.Decision;
import io.waybill.domain.Effect;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.FileState;
import io.waybill.domain.Lane;
import io.waybill.domain.Phase;
import io.waybill.domain.Place;
import io.waybill.domain.Release;
import io.waybill.domain.Timeouts;
import io.waybill.domain.Unplaced;
import io.waybill.state.table.Rules;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The state of all files: applies what is committed in file-events through the real rules, hands out work, and says when a
 * deadline passes.
 */
final class State {
    private static final int[] DELAYS = {20, 1, 700, 40_000};
    private static final long TICK = 1000;
    private static final long HEARD = 500;
    private static final long BETWEEN_PASSES = 30_000;

    private final World world;
    private final Map<FileId, FileState> files = new LinkedHashMap<>();
    private final Map<String, String> targets = new HashMap<>();
    private final Map<String, Set<String>> sharing = new HashMap<>();
    /** The newest release of each place. */
    private final Map<Place, Release> releases = new LinkedHashMap<>();
    private final Importers importers;
    private final Monitor monitor;
    private Rules rules;
    private long position;
    private boolean planned;
    private long heard;
    private boolean hearing;

    State(World world) {
        this.world = world;
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

    /** Hands out what waits for a place that is said to be worth a try, oldest first. */
    private void hearReleases() {
        hearing = false;
        long end = world.controls().stable();
        List<Log.Entry> entries = world.controls().committed(heard);
        heard = end;
        for (Log.Entry entry : entries) {
            var values = world.topics().controls().value().deserializer();
            if (entry.value() != null && values.deserialize("", entry.value()) instanceof Release release) {
                releases.put(release.place(), release);
                files.values().stream()
                        .filter(release.place()::holds)
                        .sorted(Comparator.comparing(FileState::arrivedAt))
                        .forEach(file -> handOut(file, release));
            }
        }
        planReleases();
    }

    /** A file whose deferral is heard after the release that came later gets its turn, too. */
    private void handOutLate(FileState file) {
        releases.values().stream()
                .filter(release -> release.place().holds(file) && !file.changedAt().isAfter(release.at()))
                .findFirst()
                .ifPresent(release -> world.kernel().after(BETWEEN_PASSES, () -> handOut(file, release)));
    }

    private void handOut(FileState file, Release release) {
        world.seen("released");
        world.tell(FileEvent.DeadlineReached.now(
                file,
                world.kernel().instant(),
                new FileEvent.DeadlineReached.Asked(release.by(), release.cause().name())));
    }

    /** A service that starts places the files whose route it knows. */
    void configure(Rules configured) {
        rules = configured;
        files.values().stream()
                .filter(file -> Unplaced.is(file) && world.setting().knows(file.route()))
                .sorted(Comparator.comparing(FileState::arrivedAt))
                .forEach(file -> {
                    world.seen("placed");
                    world.tell(FileEvent.DeadlineReached.now(
                            file,
                            world.kernel().instant(),
                            new FileEvent.DeadlineReached.Asked("state-processor", "the route is configured now")));
                });
    }

    List<FileState> files() {
        return List.copyOf(files.values());
    }

    FileState of(String id) {
        return files.get(new FileId(id));
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

    boolean allTerminal() {
        return files.values().stream().allMatch(file -> file.status().terminal());
    }

    /** Whether a file that is to appear under a name is not at its end. */
    boolean open(String path) {
        return files.values().stream()
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
        FileState before = files.get(event.id());
        if (world.mischief().overlooks(world, event)) {
            world.truth().moved(before, event, before);
            return;
        }
        Decision decision = rules.decide(before, event, world.kernel().instant());
        FileState after = before;
        if (decision instanceof Decision.Moved(var moved, var effects)) {
            after = moved;
            files.put(event.id(), moved);
            if (moved.target() != null && (before == null || !moved.target().equals(before.target()))) {
                noteTarget(moved);
            }
            effects.forEach(effect -> hand(effect, moved));
            handOutLate(moved);
            if (monitor != null) {
                monitor.told(moved);
            } else if (moved.phase() instanceof Phase.Open) {
                watch(moved);
            }
        }
        if (world.story().kept()) {
            world.story().tell("state", world.called(event.id()) + " " + described(event) + " -> "
                    + (decision instanceof Decision.Moved ? phase(after) : decision.toString()));
        }
        if (Controls.released(before, event, decision)) {
            var topic = world.topics().controls();
            world.log().appendCommitted(world.controls(), topic.record(event.id(), null).key(), null);
        }
        world.truth().moved(before, event, after);
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

    private void hand(Effect effect, FileState file) {
        switch (effect) {
            case Effect.Dispatch(var work) -> {
                var lane = new Lane(work.target().destination(), file.lane());
                ProducerRecord<byte[], byte[]> record = world.topics().transferWork().record(lane.key(), work);
                world.truth().dispatched(file);
                Log.Partition partition = world.work(world.setting().partitionOf(lane));
                world.log().appendCommitted(partition, record.key(), record.value());
            }
            case Effect.GiveUp(var control) -> {
                ProducerRecord<byte[], byte[]> record = world.topics().controls().record(control.id(), control);
                if (world.story().kept()) {
                    world.story().tell("state", world.called(file.id()) + " is told to be " + control.kind()
                            + " up to sending " + control.sending());
                }
                world.truth().givenUp(control);
                world.log().appendCommitted(world.controls(), record.key(), record.value());
            }
            case Effect.Announce _ -> {
                world.truth().announced(file);
                importers.announced(file.id());
                if (world.mischief().does(Mutation.ANNOUNCED_TWICE)) {
                    world.truth().announced(file);
                }
            }
        }
    }

    private void watch(FileState file) {
        if (!world.mischief().watchesDeadlines() || world.mischief().does(Mutation.DEADLINES_NOT_WATCHED)) {
            return;
        }
        Deadline deadline = deadline(file);
        long at = deadline.at().toEpochMilli() - Kernel.START.toEpochMilli();
        // The monitor looks once a tick, at what is long due as well.
        world.kernel().at(Math.max(at, world.kernel().now()) + TICK, () -> {
            FileState now = files.get(file.id());
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
