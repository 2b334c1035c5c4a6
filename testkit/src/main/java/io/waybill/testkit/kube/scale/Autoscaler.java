package io.waybill.testkit.kube.scale;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntBinaryOperator;

/**
 * Decides how many pods there should be, as the HorizontalPodAutoscaler does between one and the most, and KEDA between
 * none and one. It remembers what it decided; time comes in. One thread.
 */
public final class Autoscaler {
    /** A pod may have a tenth more or less than its share. */
    private static final double TOLERANCE = 0.1;

    private final ScaleRules rules;
    private final Deque<Moment> proposals = new ArrayDeque<>();
    private final Deque<Moment> changes = new ArrayDeque<>();
    private Duration lastActive = Duration.ZERO;

    /** A number of pods, or a change of it, at a time. */
    private record Moment(Duration at, int value) {}

    public Autoscaler(ScaleRules rules) {
        this.rules = rules;
    }

    /**
     * The number of pods that there should be now.
     *
     * @param now     since some moment
     * @param current the number that was asked for last
     */
    public int next(Duration now, int current, List<Reading> readings) {
        boolean active = readings.stream().anyMatch(Reading::active);
        if (active) {
            lastActive = now;
        }
        int next = current == 0 ? (active ? Math.max(1, rules.min()) : rules.min()) : ofRunning(now, current, readings);
        if (current > 0 && rules.min() == 0 && !active && now.minus(lastActive).compareTo(rules.cooldown()) >= 0) {
            next = 0;
        }
        if (next != current) {
            changes.add(new Moment(now, next - current));
        }
        return next;
    }

    private int ofRunning(Duration now, int current, List<Reading> readings) {
        int least = Math.max(1, rules.min());
        int proposed = readings.stream().mapToInt(reading -> proposal(reading, current)).max().orElse(current);
        proposed = Math.clamp(proposed, least, rules.max());
        proposals.add(new Moment(now, proposed));
        int stable = stable(now, current, proposed);
        return Math.clamp(limited(now, current, stable), least, Math.max(least, rules.max()));
    }

    private static int proposal(Reading reading, int current) {
        double share = reading.value() / (reading.target() * current);
        return Math.abs(1 - share) <= TOLERANCE ? current : (int) Math.ceil(reading.value() / reading.target());
    }

    /** The most that was proposed within the window for fewer pods, and the least within that for more. */
    private int stable(Duration now, int current, int proposed) {
        int atMost = within(now, rules.downWindow(), proposed, Math::max);
        int atLeast = within(now, rules.upWindow(), proposed, Math::min);
        int stable = current;
        if (stable < atLeast) {
            stable = atLeast;
        }
        return Math.min(stable, atMost);
    }

    private int within(Duration now, Duration window, int proposed, IntBinaryOperator choice) {
        return proposals.stream()
                .filter(one -> one.at().plus(window).compareTo(now) > 0)
                .mapToInt(Moment::value)
                .reduce(proposed, choice);
    }

    private int limited(Duration now, int current, int wanted) {
        int limit = current;
        for (ScaleRules.Policy policy : wanted > current ? rules.up() : rules.down()) {
            int before = current - changed(now, policy.period(), wanted > current);
            limit = wanted > current
                    ? Math.max(limit, before + policy.allowed(before))
                    : Math.min(limit, before - policy.allowed(before));
        }
        return wanted > current ? Math.min(wanted, limit) : Math.max(wanted, limit);
    }

    private int changed(Duration now, Duration period, boolean more) {
        return changes.stream()
                .filter(one -> one.at().plus(period).compareTo(now) > 0 && one.value() > 0 == more)
                .mapToInt(Moment::value)
                .sum();
    }
}
