package io.waybill.lives;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often each value of each drawn dimension was lived, and how often each fault really happened. */
final class Coverage {
    private final Map<String, Map<String, Integer>> counts = new TreeMap<>();
    private final List<Long> stepsOfLives = new ArrayList<>();
    private long lives;
    private long calls;
    private long steps;

    void add(Life.Result result) {
        lives++;
        calls += result.calls();
        steps += result.steps();
        stepsOfLives.add(result.steps());
        Plan.Settings settings = result.plan().settings();
        count("profile", settings.profile());
        count("bucket", settings.versioned() ? "versioned" : "unversioned");
        count("onConflict", settings.policy());
        count("onUnknownOutcome", settings.unknown());
        count("verify", settings.verify());
        count("staging", settings.staging());
        count("partner", settings.partner());
        count("order", settings.fifo() ? "fifo" : "in flight " + settings.inFlight());
        count("versions and files", result.plan().puts().size());
        result.happened().forEach((kind, times) -> counts
                .computeIfAbsent("fault", _ -> new TreeMap<>())
                .merge(kind.name(), times, Integer::sum));
        result.violations().keySet().forEach(promise -> count("violation", promise.id()));
    }

    private void count(String dimension, Object value) {
        counts.computeIfAbsent(dimension, _ -> new TreeMap<>()).merge(value.toString(), 1, Integer::sum);
    }

    long lives() {
        return lives;
    }

    String table() {
        var text = new StringBuilder();
        counts.forEach((dimension, values) -> values.forEach(
                (value, times) -> text.append(String.format("%-20s %-30s %9d%n", dimension, value, times))));
        text.append(String.format(
                "%d lives, %d calls (%.0f a life), %.0f steps a life%n",
                lives, calls, (double) calls / lives, (double) steps / lives));
        List<Long> sorted = stepsOfLives.stream().sorted().toList();
        text.append(String.format(
                "steps of a life: half below %d, 90 of 100 below %d, 99 below %d, most %d%n",
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 9 / 10),
                sorted.get(sorted.size() * 99 / 100),
                sorted.getLast()));
        return text.toString();
    }
}
