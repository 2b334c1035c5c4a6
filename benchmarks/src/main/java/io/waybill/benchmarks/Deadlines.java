package io.waybill.benchmarks;

import io.waybill.monitor.BusyMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a tick of the timeout-monitor costs when the same 1,000 deadlines are due, by how many others are open; and when
 * few are open, but many were set and unset again, which a store that is written like a log does not forget at once. The
 * figure is the median over the rounds; growth is the largest median over the smallest.
 */
final class Deadlines implements Benchmark {
    static final long FILES = 10_000_000;

    private static final int DUE = 1_000;
    private static final int WARM_UPS = 300;
    private static final int SETTLING = 20;
    private static final int ROUNDS = 100;
    private static final int BATCH = 100_000;

    private final long most;

    /**
     * @param most deadlines that are open, in the largest case; the others have a tenth and a thousandth
     */
    Deadlines(long most) {
        this.most = most;
    }

    @Override
    public Figures run() throws IOException {
        System.out.printf(
                "%d deadlines due in each of %d ticks, one task, RocksDB on disk, no changelog, %d cores, Java %s%n",
                DUE, ROUNDS, Runtime.getRuntime().availableProcessors(), Runtime.version());
        Path scratch = Files.createTempDirectory("waybill-bench");
        try {
            return measured(scratch);
        } finally {
            Trees.delete(scratch);
        }
    }

    private Figures measured(Path scratch) throws IOException {
        long few = Math.max(1, most / 1_000);
        try (var warming = new BusyMonitor(scratch.resolve("warming"))) {
            warming.open(0, few);
            median(warming, WARM_UPS);
        }
        double small = withOpen(scratch.resolve("small"), few);
        double middle = withOpen(scratch.resolve("middle"), most / 10);
        double large = withOpen(scratch.resolve("large"), most);
        var figures = new Figures();
        figures.add("small_tick_ms", small, "ms a tick, " + few + " open");
        figures.add("middle_tick_ms", middle, "ms a tick, " + most / 10 + " open");
        figures.add("large_tick_ms", large, "ms a tick, " + most + " open");
        afterRemoval(scratch.resolve("removed"), few, small, figures);
        double dearest = Math.max(small, Math.max(middle, large));
        double cheapest = Math.min(small, Math.min(middle, large));
        figures.add("tick_growth", dearest / cheapest, "ratio of the dearest to the cheapest, less is better; aim 1.3");
        return figures;
    }

    private static double withOpen(Path directory, long open) throws IOException {
        try (var monitor = new BusyMonitor(directory)) {
            fill(monitor, open, false);
            return settledMedian(monitor, open + " open");
        } finally {
            Trees.delete(directory);
        }
    }

    private void afterRemoval(Path directory, long open, double before, Figures figures) throws IOException {
        try (var monitor = new BusyMonitor(directory)) {
            fill(monitor, most, true);
            monitor.open(most, most + open);
            double removed = settledMedian(monitor, open + " open after " + most + " were removed");
            monitor.restart();
            double restarted = monitor.costOf(DUE);
            figures.add("removed_tick_ms", removed, "ms a tick, " + open + " open after " + most + " were removed");
            figures.add("restart_tick_ms", restarted, "ms, the first tick of a restarted monitor after that");
            figures.add("removed_growth", removed / before, "ratio to a tick where nothing was removed; aim 1.3");
        } finally {
            Trees.delete(directory);
        }
    }

    private static void fill(BusyMonitor monitor, long files, boolean completed) {
        for (long from = 0; from < files; from += BATCH) {
            long to = Math.min(files, from + BATCH);
            monitor.open(from, to);
            if (completed) {
                monitor.complete(from, to);
            }
        }
    }

    private static double settledMedian(BusyMonitor monitor, String conditions) {
        median(monitor, SETTLING);
        double median = median(monitor, ROUNDS);
        System.out.printf("%.2f ms a tick: %s%n", median, conditions);
        return median;
    }

    private static double median(BusyMonitor monitor, int rounds) {
        List<Double> costs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            costs.add(monitor.costOf(DUE));
        }
        Collections.sort(costs);
        return costs.get(rounds / 2);
    }
}
