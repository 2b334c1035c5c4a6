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
import io.waybill.domain.NameFolding;
import io.waybill.domain.Phase;
import io.waybill.domain.Route;
import io.waybill.state.table.Rules;
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

    private final World world;
    private final Map<FileId, FileState> files = new LinkedHashMap<>();
    private final Map<String, String> targets = new HashMap<>();
    private final Map<String, Set<String>> sharing = new HashMap<>();
    private Rules rules;
    private Route route;
    private long position;
    private boolean planned;

    State(World world) {
        this.world = world;
        world.log().listen(this::plan);
    }

    void configure(Rules configured, Route configuredRoute) {
        rules = configured;
        route = configuredRoute;
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
        NameFolding folding = world.plan().settings().profile().folding();
        String key = folding.fold(file.target().path());
        String before = targets.put(key, file.source().key());
        if (before != null && !before.equals(file.source().key())) {
            sharing.computeIfAbsent(key, _ -> new HashSet<>()).addAll(Set.of(before, file.source().key()));
        }
    }

    boolean allTerminal() {
        return files.values().stream().allMatch(file -> file.status().terminal());
    }

    boolean idle() {
        return position >= world.events().highWatermark();
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
            if (moved.phase() instanceof Phase.Open) {
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
                world.log().appendCommitted(world.work(), record.key(), record.value());
            }
            case Effect.GiveUp(var control) -> {
                ProducerRecord<byte[], byte[]> record = world.topics().controls().record(control.id(), control);
                if (world.story().kept()) {
                    world.story().tell("state", world.called(file.id()) + " is told to be " + control.kind()
                            + " up to sending " + control.sending());
                }
                world.log().appendCommitted(world.controls(), record.key(), record.value());
            }
            case Effect.Announce _ -> {}
        }
    }

    private void watch(FileState file) {
        if (!world.mischief().watchesDeadlines()) {
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
    private Deadline deadline(FileState file) {
        FileState today = route.name().equals(file.route()) ? file.under(route.timeouts()) : file;
        return ((Phase.Open) today.phase()).deadline();
    }
}
