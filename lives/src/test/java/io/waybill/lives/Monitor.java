package io.waybill.lives;

import io.waybill.domain.FileState;
import io.waybill.domain.Suspension;
import io.waybill.monitor.SimulatedMonitor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The real monitor: it is told each state a while after it came about, and looks once a second at what is due. */
final class Monitor {
    private static final int[] DELAYS = {20, 1, 700, 40_000};
    private static final long TICK = 1000;
    /** Until a deadline that was lost is said again, at most. */
    static final Duration SAID_AGAIN = Duration.ofHours(7);

    private final World world;
    private final SimulatedMonitor parts;
    private final Deque<FileState> toTell = new ArrayDeque<>();
    private final List<FileState> all = new ArrayList<>();
    private final Map<Suspension.Subject, Suspension> suspensions = new LinkedHashMap<>();
    private Duration slack = Duration.ZERO;
    private boolean planned;
    private long ticksAt = Long.MAX_VALUE;
    private long lostUntil;

    Monitor(World world) {
        this.world = world;
        parts = new SimulatedMonitor(
                world.topics(),
                world.kernel()::instant,
                reached -> {
                    world.truth().deadlineSaid(reached);
                    if (world.kernel().now() >= lostUntil) {
                        world.tell(reached);
                    } else {
                        world.seen("deadline lost");
                    }
                },
                file -> {
                    world.seen("dead letter");
                    world.truth().letter(file);
                });
        parts.start(world.setting().config());
    }

    /** A file has another state. */
    void told(FileState file) {
        all.add(file);
        toTell.add(file);
        plan();
    }

    /** A destination or a route is paused or resumed. */
    void heard(Suspension suspension) {
        suspensions.put(suspension.subject(), suspension);
        parts.heard(suspension);
    }

    private void start() {
        parts.start(world.setting().config());
        suspensions.values().forEach(parts::heard);
    }

    private void plan() {
        if (!planned) {
            planned = true;
            world.kernel().after(DELAYS[world.kernel().choices().next(DELAYS.length)], this::catchUp);
        }
    }

    private void catchUp() {
        planned = false;
        while (!toTell.isEmpty()) {
            parts.process(toTell.remove());
        }
        watch();
    }

    /** Those ticks are left out at which nothing is due. */
    private void watch() {
        long now = world.kernel().now();
        long due = parts.nextDue().orElse(Long.MAX_VALUE);
        if (due == Long.MAX_VALUE) {
            return;
        }
        long first = Math.max(due - Kernel.START.toEpochMilli(), now + 1);
        long at = (first + TICK - 1) / TICK * TICK;
        if (at < ticksAt) {
            ticksAt = at;
            world.kernel().at(at, () -> tick(at));
        }
    }

    private void tick(long at) {
        if (at == ticksAt) {
            ticksAt = Long.MAX_VALUE;
            parts.tick();
            if (world.mischief().does(Mutation.MONITOR_SAYS_ONCE)) {
                parts.forgetWhatIsSaid();
            }
            watch();
        }
    }

    boolean idle() {
        return toTell.isEmpty();
    }

    Duration slack() {
        return slack;
    }

    void disturb(Fault fault) {
        switch (fault.kind()) {
            case MONITOR_RECONFIGURED -> {
                Duration longer = Duration.ofHours(1 + fault.which() % 2);
                slack = slack.plus(longer);
                world.setting().allowMore(longer);
                start();
                parts.tick();
            }
            case MONITOR_REPLAYS -> {
                if (world.mischief().does(Mutation.MONITOR_FORGETS)) {
                    parts.forgetAll();
                }
                start();
                List<FileState> again = List.copyOf(all);
                toTell.clear();
                toTell.addAll(again);
                catchUp();
            }
            case DEADLINES_LOST -> {
                lostUntil = world.kernel().now() + fault.millis();
                slack = slack.plus(SAID_AGAIN).plusMillis(fault.millis());
            }
            default -> throw new AssertionError(fault);
        }
        watch();
    }
}
