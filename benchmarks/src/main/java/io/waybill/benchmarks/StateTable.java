package io.waybill.benchmarks;

import io.waybill.benchmarks.transfer.Median;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the authoritative table costs. One broker in this process; every stream has one thread, 12 partitions and
 * exactly_once_v2, and a round is fed while its stream is paused. {@code events_vs_bare}: events per second of the
 * state-processor's topology, against one that only hands the same records on as bytes, in turn; {@code events_vs_typed}:
 * against one that reads each event and writes it again. {@code table_growth}: the time
 * per event in a large table over that in one of ten thousand files, in turn; the small one is a new one each time, since
 * every round adds files. Then the large one is listed over HTTP.
 */
final class StateTable implements Benchmark {
    static final long FILES = 500_000;

    private static final int SMALL = 10_000;
    private static final int WARM_UPS = 6;
    private static final int ROUNDS = 5;
    private static final int EVENTS = 100_000;
    private static final int GROWTH_EVENTS = 60_000;

    private final long files;

    /**
     * @param files of the large table
     */
    StateTable(long files) {
        this.files = files;
    }

    @Override
    public Figures run() throws IOException, InterruptedException {
        System.out.printf(
                "%d files in the large table, %d events a round, %d rounds after %d to warm up, one stream thread, %d"
                        + " cores shared with the broker, Java %s%n",
                files, EVENTS, ROUNDS, WARM_UPS, Runtime.getRuntime().availableProcessors(), Runtime.version());
        Path scratch = Files.createTempDirectory("waybill-bench");
        var figures = new Figures();
        try (var broker = BenchBroker.start(scratch.resolve("kafka"))) {
            Instant now = StreamUnderLoad.CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
            throughput(broker, scratch, now, figures);
            growth(broker, scratch, now, figures);
        } finally {
            Trees.delete(scratch);
        }
        return figures;
    }

    private static void throughput(BenchBroker broker, Path scratch, Instant now, Figures figures)
            throws IOException {
        var load = new FileLoad(SMALL, now);
        Path directory = scratch.resolve("streams");
        try (var state = StreamUnderLoad.ofState(broker, directory, "state.", load, SMALL);
                var typed = StreamUnderLoad.typed(broker, directory, "typed.");
                var bare = StreamUnderLoad.bare(broker, directory, "bare.")) {
            List<StreamUnderLoad> streams = List.of(state, typed, bare);
            List<List<Double>> rates = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int round = -WARM_UPS; round < ROUNDS; round++) {
                var events = load.events(EVENTS);
                // Who goes first changes, so that what the others leave behind hits all alike.
                for (int turn = 0; turn < streams.size(); turn++) {
                    int next = Math.floorMod(round + turn, streams.size());
                    double rate = streams.get(next).eventsPerSecond(events);
                    if (round >= 0) {
                        rates.get(next).add(rate);
                    }
                }
            }
            figures.add("events_per_second", Median.of(rates.get(0)), "events/s, one stream thread");
            figures.add("typed_events_per_second", Median.of(rates.get(1)), "events/s read and written again");
            figures.add("bare_events_per_second", Median.of(rates.get(2)), "events/s handed on as bytes");
            figures.add("events_vs_typed", ratio(rates.get(0), rates.get(1)), "ratio, more is better");
            figures.add("events_vs_bare", ratio(rates.get(0), rates.get(2)), "ratio, more is better; aim 0.5");
        }
    }

    /** The median of the rounds' ratios. */
    private static double ratio(List<Double> ours, List<Double> others) {
        return Median.of(IntStream.range(0, ours.size())
                .mapToObj(round -> ours.get(round) / others.get(round))
                .toList());
    }

    private void growth(BenchBroker broker, Path scratch, Instant now, Figures figures)
            throws IOException, InterruptedException {
        Path directory = scratch.resolve("streams");
        var load = new FileLoad(files, now);
        try (var large = StreamUnderLoad.ofState(broker, directory, "large.", load, files)) {
            Duration start = large.startTime();
            System.out.printf("restored in %.1f s%n", start.toMillis() / 1e3);
            List<Double> ratios = new ArrayList<>();
            for (int round = -1; round < ROUNDS; round++) {
                double rate = large.eventsPerSecond(load.events(GROWTH_EVENTS));
                double smallRate = small(broker, directory, "small" + (round + 1) + ".", now);
                System.out.printf("round %2d: large %7.0f, small %7.0f events/s%n", round, rate, smallRate);
                if (round >= 0) {
                    ratios.add(smallRate / rate);
                }
            }
            figures.add("table_growth", Median.of(ratios), "time per event, large over small; less is better; aim 1.3");
            figures.add(
                    "restore_seconds_per_million",
                    start.toMillis() / 1e3 / (files / 1e6),
                    "s until a million files with histories are restored from their changelogs and indexed");
            large.streams().resume();
            try (var listing = FileListing.over(large, StreamUnderLoad.config(broker, directory, "large."))) {
                figures.add("list_p99_millis", listing.p99Millis(), "ms for a page of 50 over HTTP; aim 20");
            }
        }
    }

    private static double small(BenchBroker broker, Path directory, String prefix, Instant now) throws IOException {
        var load = new FileLoad(SMALL, now);
        try (var small = StreamUnderLoad.ofState(broker, directory.resolve(prefix), prefix, load, SMALL)) {
            return small.eventsPerSecond(load.events(GROWTH_EVENTS));
        }
    }
}
