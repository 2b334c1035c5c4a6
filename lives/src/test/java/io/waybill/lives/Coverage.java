package io.waybill.lives;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.NameFolding;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.UnknownOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How often each value of each drawn dimension was lived, and how often each fault really happened. What can be drawn and
 * never was has the number 0.
 */
final class Coverage {
    private static final List<String> SEEN = List.of(
            "import claimed",
            "index entry expired",
            "index entry written",
            "placed",
            "records compacted",
            "released",
            "stopped because of another with its id");
    private static final List<String> SEEN_MONITORED = List.of("dead letter", "deadline lost");
    private static final String SEEN_NAME = "happened";

    private final Map<String, Map<String, Integer>> counts = new TreeMap<>();
    private final List<Long> stepsOfLives = new ArrayList<>();
    private long lives;
    private long calls;
    private long steps;

    void add(Life.Result result) {
        if (lives++ == 0) {
            expect(result.plan().settings().monitored());
        }
        calls += result.calls();
        steps += result.steps();
        stepsOfLives.add(result.steps());
        count(result.plan().settings());
        count(result.plan().puts());
        result.happened().forEach((kind, times) -> count("fault", kind, times));
        result.seen().forEach((what, times) -> count(SEEN_NAME, what, times));
        result.violations().keySet().forEach(promise -> count("violation", promise.id()));
    }

    private void expect(boolean monitored) {
        expect("profile", (Object[]) Profile.values());
        expect("onConflict", (Object[]) ConflictPolicy.values());
        expect("onUnknownOutcome", (Object[]) UnknownOutcome.values());
        expect("verify", (Object[]) Proof.values());
        expect("staging", (Object[]) Staging.Kind.values());
        expect("partner", (Object[]) Plan.Partner.values());
        expect("importer", (Object[]) Plan.Importer.values());
        expect("bucket", "versioned", "unversioned");
        expect("a file opened again", "kept", "emptied");
        expect("partitions", 1, 2);
        expect("destinations", "the first", "the second", "both");
        for (Fault.Kind kind : Fault.Kind.values()) {
            if (monitored || !kind.ofMonitor()) {
                count("fault", kind, 0);
            }
        }
        expect(SEEN_NAME, SEEN.toArray());
        if (monitored) {
            expect(SEEN_NAME, SEEN_MONITORED.toArray());
        }
        expect("files", "told late", "told again", "told out of order", "versions of one key", "equal bytes", "empty",
                "other keys with one path", "names that fold together");
    }

    private void expect(String dimension, Object... values) {
        for (Object value : values) {
            count(dimension, value, 0);
        }
    }

    private void count(Plan.Settings settings) {
        count("profile", settings.profile());
        count("bucket", settings.versioned() ? "versioned" : "unversioned");
        count("onConflict", settings.policy());
        count("onUnknownOutcome", settings.unknown());
        count("verify", settings.verify());
        count("staging", settings.staging());
        count("partner", settings.partner());
        count("importer", settings.importer());
        count("partitions", settings.partitions());
        count("a file opened again", settings.emptying() ? "emptied" : "kept");
        count("lanes", settings.lanes());
        count("attempts", settings.attempts());
        count("order", settings.fifo() ? "fifo" : "in flight " + settings.inFlight());
        count("unclaimed", minutes(settings.unclaimed()));
        count("unfinished", minutes(settings.unfinished()));
        count("evidence", minutes(settings.evidence()));
        count("deadlines", settings.monitored() ? "by the monitor" : "by the domain");
    }

    private static String minutes(long millis) {
        return String.format("%6d minutes", millis / 60_000);
    }

    private void count(List<Plan.Put> puts) {
        count("versions and files", puts.size());
        List<String> keys = puts.stream().map(put -> Plan.KEYS.get(put.key())).toList();
        long second = keys.stream().filter(key -> key.startsWith(Setting.SECOND)).count();
        count("destinations", second == 0 ? "the first" : second == puts.size() ? "the second" : "both");
        countIf("told late", puts.stream().anyMatch(put -> put.told() - put.at() > 10_000));
        countIf("told again", puts.stream().anyMatch(put -> put.again() > 0));
        countIf("told out of order", IntStream.range(1, puts.size())
                .anyMatch(i -> puts.get(i).told() < puts.get(i - 1).told()));
        countIf("versions of one key", repeats(keys));
        countIf("equal bytes", repeats(puts.stream().map(put -> put.fill() + "-" + put.bytes()).toList()));
        countIf("empty", puts.stream().anyMatch(put -> put.bytes() == 0));
        countIf("other keys with one path", meet(keys, Setting::pathOf));
        countIf("names that fold together", meet(
                keys.stream().filter(key -> key.startsWith("in/")).toList(),
                key -> NameFolding.BOTH.fold(new RemotePath(Setting.pathOf(key)))));
    }

    private static boolean repeats(List<String> all) {
        return new HashSet<>(all).size() < all.size();
    }

    /** Whether different keys come to one. */
    private static boolean meet(List<String> keys, Function<String, String> by) {
        Set<String> different = new HashSet<>(keys);
        return different.stream().map(by).distinct().count() < different.size();
    }

    private void countIf(String value, boolean is) {
        count("files", value, is ? 1 : 0);
    }

    private void count(String dimension, Object value) {
        count(dimension, value, 1);
    }

    private void count(String dimension, Object value, int times) {
        counts.computeIfAbsent(dimension, _ -> new TreeMap<>()).merge(value.toString(), times, Integer::sum);
    }

    long lives() {
        return lives;
    }

    /** What can be drawn, and was not. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        counts.forEach((dimension, values) -> values.forEach((value, times) -> {
            if (times == 0) {
                missing.add(dimension + " " + value);
            }
        }));
        return missing;
    }

    String table() {
        var text = new StringBuilder();
        counts.forEach((dimension, values) -> values.forEach(
                (value, times) -> text.append(String.format("%-20s %-40s %9d%n", dimension, value, times))));
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
