package io.waybill.benchmarks.transfer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Contestants that send the same files to the same server, one after the other, round by round. After each turn it is
 * looked whether everything arrived, and the place is emptied. In every round another one begins.
 */
final class Race {
    private final String title;
    private final Endpoint endpoint;
    private final Arrivals arrivals;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * One contestant and what came of it.
     *
     * @param factor of how much work the contestant's own workload stands for; 1 for all of it
     * @param rounds what was spent, by round; nothing where it failed
     */
    private record Entry(
            Contestant contestant,
            Workload workload,
            int factor,
            double startSeconds,
            List<Optional<Spent>> rounds) {}

    Race(String title, Endpoint endpoint) {
        this.title = title;
        this.endpoint = endpoint;
        this.arrivals = new Arrivals(endpoint.directory());
    }

    String title() {
        return title;
    }

    /** Adds one that sends everything. */
    void enter(Contestant contestant, Workload workload) {
        enter(contestant, workload, 1, 0);
    }

    /**
     * Adds one whose time is known to grow in proportion behind its start.
     *
     * @param factor       how many times the workload it stands for; only what comes behind the start is multiplied
     * @param startSeconds its start
     */
    void enter(Contestant contestant, Workload workload, int factor, double startSeconds) {
        entries.put(
                contestant.name(), new Entry(contestant, workload, factor, startSeconds, new ArrayList<>()));
    }

    /**
     * Runs all rounds.
     *
     * @param warmUps rounds before, of which nothing is kept, for those that become faster by them
     */
    void run(int warmUps, int rounds) throws IOException, InterruptedException {
        System.out.printf("%n%s%n", title);
        for (Entry entry : entries.values()) {
            System.out.printf("  %-14s %s%n", entry.contestant().name(), entry.contestant().description());
            int turns = entry.contestant() instanceof Program ? Math.min(1, warmUps) : warmUps;
            for (int i = 0; i < turns; i++) {
                var _ = turn(entry, "warm-up", true);
            }
        }
        List<Entry> order = new ArrayList<>(entries.values());
        for (int round = 1; round <= rounds; round++) {
            for (Entry entry : order) {
                entry.rounds().add(turn(entry, "round " + round, warmUps == 0 && round == 1));
            }
            Collections.rotate(order, 1);
        }
        System.out.println(table());
    }

    private Optional<Spent> turn(Entry entry, String label, boolean byContent)
            throws IOException, InterruptedException {
        Contestant contestant = entry.contestant();
        arrivals.clear();
        try {
            Spent spent = contestant.send(entry.workload(), endpoint);
            arrivals.require(entry.workload(), byContent);
            System.out.printf(
                    Locale.ROOT, "  %-8s %-14s %8.2f s%n", label, contestant.name(), spent.seconds());
            return Optional.of(
                    entry.factor() == 1 ? spent : spent.after(entry.startSeconds(), entry.factor()));
        } catch (ContestantFailedException e) {
            System.out.printf("  %-8s %-14s FAILED: %s%n", label, contestant.name(), e.getMessage());
            return Optional.empty();
        } finally {
            arrivals.clear();
        }
    }

    /** How many times as fast one was as the other, round by round; nothing if one of them failed or is not here. */
    Optional<Double> ratio(String ours, String peer) {
        Entry one = entries.get(ours);
        Entry other = entries.get(peer);
        if (one == null || other == null) {
            return Optional.empty();
        }
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < one.rounds().size(); round++) {
            Optional<Spent> mine = one.rounds().get(round);
            Optional<Spent> theirs = other.rounds().get(round);
            if (mine.isEmpty() || theirs.isEmpty()) {
                return Optional.empty();
            }
            ratios.add(theirs.get().seconds() / mine.get().seconds());
        }
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Median.of(ratios));
    }

    /** Medians of what was spent by a contestant that never failed. */
    Optional<Spent> median(String name) {
        Entry entry = entries.get(name);
        if (entry == null || entry.rounds().isEmpty() || entry.rounds().stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        return Optional.of(new Spent(
                median(entry, Spent::seconds), median(entry, Spent::cpuSeconds), median(entry, Spent::peakMebibytes)));
    }

    private static double median(Entry entry, Function<Spent, Double> value) {
        return Median.of(entry.rounds().stream().flatMap(Optional::stream).map(value).toList());
    }

    /** The names of all that took part, in the order of their entry. */
    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** Medians by name. */
    Map<String, Object> medians() {
        Map<String, Object> medians = new LinkedHashMap<>();
        names().forEach(name -> medians.put(name, median(name).<Object>map(spent -> spent).orElse("failed")));
        return medians;
    }

    private String table() {
        var table = new StringBuilder(String.format(
                Locale.ROOT, "  %-14s %10s %14s %8s %10s %12s%n", "", "seconds", "rate", "CPU s", "peak MiB", "ratio"));
        String first = names().getFirst();
        for (Entry entry : entries.values()) {
            String name = entry.contestant().name();
            table.append(median(name)
                    .map(spent -> String.format(
                            Locale.ROOT,
                            "  %-14s %10.2f %14s %8.2f %10.0f %12s%n",
                            name,
                            spent.seconds(),
                            whole(entry).rate(spent.seconds()),
                            spent.cpuSeconds(),
                            spent.peakMebibytes(),
                            ratio(first, name)
                                    .map(ratio -> "%.2f".formatted(ratio))
                                    .orElse("")))
                    .orElseGet(() -> String.format(Locale.ROOT, "  %-14s %10s%n", name, "FAILED")));
        }
        return table.toString().stripTrailing();
    }

    private static Workload whole(Entry entry) {
        Workload part = entry.workload();
        return part.files() == 1
                ? new Workload(part.name(), part.directory(), 1, part.bytesEach() * entry.factor())
                : new Workload(part.name(), part.directory(), part.files() * entry.factor(), part.bytesEach());
    }
}
