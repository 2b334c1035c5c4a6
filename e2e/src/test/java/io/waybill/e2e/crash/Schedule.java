package io.waybill.e2e.crash;

import static java.util.Map.entry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which faults come, drawn from a seed: every action gets its share, and goes through all points that it makes sense at
 * before it comes to one again. Any thread.
 *
 * <p>Points that a delivery without trouble does not pass are not waited for: {@link #lurking} faults stand there, and
 * happen when recovery comes by.
 */
final class Schedule {
    /** In thousandths. */
    private static final Map<FaultAction, Integer> SHARES = Map.ofEntries(
            entry(FaultAction.KILL, 400),
            entry(FaultAction.PAUSE, 110),
            entry(FaultAction.CUT, 190),
            entry(FaultAction.REFUSED, 70),
            entry(FaultAction.UNKNOWN, 90),
            entry(FaultAction.TIMEOUT, 60),
            entry(FaultAction.SFTP_RESTART, 65),
            entry(FaultAction.BROKER_RESTART, 15));

    private static final List<FaultAction> LURKING =
            List.of(FaultAction.KILL, FaultAction.CUT, FaultAction.PAUSE, FaultAction.REFUSED);
    private static final int MOST_NTH = 3;

    /** After so many faults at a rare point recovery may pass it: else it would never come to its end. */
    private static final int MOST_LURKING = 8;

    private final Random random;
    private final Map<String, Integer> rare = new HashMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private int ids = 1;
    private int size;

    private Schedule(long seed) {
        random = new Random(seed);
    }

    /**
     * All actions at all points.
     *
     * @param passed points that deliveries without trouble pass
     * @param rare   the others
     */
    static Schedule drawn(long seed, int count, List<String> passed, List<String> rare) {
        var schedule = new Schedule(seed);
        rare.forEach(point -> schedule.rare.put(point, Math.clamp(count / 100, 1, MOST_LURKING)));
        var first = new ArrayList<Fault>();
        var others = new ArrayList<Fault>();
        for (FaultAction action : FaultAction.values()) {
            int share = Math.max(1, count * SHARES.getOrDefault(action, 0) / 1000);
            List<Fault> cells = schedule.cells(action, share, passed);
            first.addAll(cells.subList(0, 1));
            others.addAll(cells.subList(1, cells.size()));
        }
        // Even a short run sees every action.
        Collections.shuffle(first, schedule.random);
        Collections.shuffle(others, schedule.random);
        schedule.faults.addAll(first);
        schedule.faults.addAll(others);
        schedule.size = count;
        return schedule;
    }

    /** One action at one point, again and again. */
    static Schedule of(int count, FaultAction action, String point) {
        var schedule = new Schedule(0);
        for (int i = 0; i < count; i++) {
            schedule.faults.add(new Fault(schedule.ids++, point, 1, action));
        }
        schedule.size = count;
        return schedule;
    }

    private List<Fault> cells(FaultAction action, int count, List<String> points) {
        var cells = new ArrayList<>(points.stream().filter(point -> fits(action, point)).toList());
        var drawn = new ArrayList<Fault>();
        while (drawn.size() < count && !cells.isEmpty()) {
            Collections.shuffle(cells, random);
            for (String point : cells.subList(0, Math.min(cells.size(), count - drawn.size()))) {
                drawn.add(new Fault(ids++, point, 1 + random.nextInt(MOST_NTH), action));
            }
        }
        return drawn;
    }

    /** Whether an action can happen at a point in a world that keeps to its rules. */
    static boolean fits(FaultAction action, String point) {
        boolean kafka = point.startsWith("kafka.");
        boolean before = point.endsWith(".before");
        boolean sends = point.startsWith("kafka.send") || point.startsWith("kafka.offsets")
                || point.startsWith("kafka.flush");
        boolean commits = point.startsWith("kafka.commit");
        return switch (action) {
            case KILL, PAUSE, SFTP_RESTART, BROKER_RESTART -> true;
            case CUT -> !kafka;
            // What was committed cannot be refused any more.
            case REFUSED -> sends || (commits && before);
            case UNKNOWN -> sends || commits;
            case TIMEOUT -> commits;
        };
    }

    /** How many faults are to happen in all. */
    int size() {
        return size;
    }

    /** The next fault to wait for. */
    synchronized Optional<Fault> next() {
        return Optional.ofNullable(faults.poll());
    }

    /** A fault for every rare point. */
    synchronized List<Fault> lurking() {
        return List.copyOf(rare.keySet()).stream().sorted().map(this::lurkingAt).flatMap(Optional::stream).toList();
    }

    /** A fault for a rare point, as long as there are some left; empty for other points. */
    synchronized Optional<Fault> lurkingAt(String point) {
        int left = rare.getOrDefault(point, 0);
        if (left == 0) {
            return Optional.empty();
        }
        rare.put(point, left - 1);
        List<FaultAction> fitting = LURKING.stream().filter(action -> fits(action, point)).toList();
        return Optional.of(new Fault(ids++, point, 1, fitting.get(random.nextInt(fitting.size()))));
    }

    /** Both sides of all steps, and whatever else was passed. */
    static List<String> points(Iterable<String> passed) {
        var points = new TreeSet<String>();
        Stream.concat(Steps.names().stream(), KafkaSteps.names().stream())
                .forEach(step -> points.addAll(List.of(step + ".before", step + ".after")));
        passed.forEach(points::add);
        points.remove("kafka.send.before");
        points.remove("kafka.send.after");
        return List.copyOf(points);
    }
}
