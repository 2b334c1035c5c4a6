package io.waybill.benchmarks.isolation;

import io.waybill.benchmarks.Benchmark;
import io.waybill.benchmarks.Figures;
import io.waybill.benchmarks.Options;
import io.waybill.benchmarks.Trees;
import io.waybill.benchmarks.isolation.GoodFiles.Measured;
import io.waybill.benchmarks.transfer.Median;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * How much trouble at some partners and buckets costs the others: the latency of good files without trouble over the
 * latency with it. Phases with and without trouble alternate in one run of the product, so that whatever else the machine
 * does hits both alike. Ends by itself: after a quarter of an hour it measures no further round.
 */
public final class Isolation implements Benchmark {
    private static final int ROUNDS = 5;

    /** A JVM compiles for minutes what these phases run. Until then each phase is faster than the one before. */
    private static final int MOST_WARM_UPS = 8;

    private static final double STILL_FASTER = 0.95;

    /** Warm-ups in a row that are no faster: one may be slow by chance. */
    private static final int ENOUGH = 2;

    private static final int SIZE = 10 << 10;
    private static final Duration SLOWNESS = Duration.ofSeconds(1);

    /** After trouble: what came late is delivered before the next phase, and the worker has let go of the bad partners. */
    private static final Duration REST = Duration.ofSeconds(5);

    /** For the trouble to bite: breakers open, and questions go unanswered. */
    private static final Duration ONSET = Duration.ofSeconds(1);

    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final int rounds;
    private final ProcessClock clock = ProcessClock.system();
    private final List<Double> calm = new ArrayList<>();
    private final List<Double> troubled = new ArrayList<>();
    private int missing;

    public Isolation(Options options) {
        rounds = options.rounds() == 0 ? ROUNDS : options.rounds();
    }

    @Override
    public Figures run() throws IOException, InterruptedException {
        System.out.printf(
                "%d rounds of two phases, %d files of %d KiB each; 12 routes, 10 partners: a tarpit, one that refuses logins,"
                        + " one full, one down; 3 buckets: one forbidden, one slow; all in one JVM, %d cores, Java %s%n",
                rounds, GoodFiles.FILES, SIZE >> 10, Runtime.getRuntime().availableProcessors(), Runtime.version());
        Path scratch = Files.createTempDirectory("waybill-bench");
        try (var partners = Partners.start(scratch.resolve("partners"));
                var product = Product.start(scratch.resolve("product"), partners, SLOWNESS)) {
            Path file = content(scratch.resolve("content"));
            var files = new GoodFiles(product, partners, file, clock::nanos);
            measure(product, files, file);
            return figures(failed(product));
        } finally {
            Trees.delete(scratch);
        }
    }

    private static Path content(Path file) throws IOException {
        byte[] bytes = new byte[SIZE];
        new Random(SIZE).nextBytes(bytes);
        return Files.write(file, bytes);
    }

    private void measure(Product product, GoodFiles files, Path file) throws IOException {
        long latest = clock.after(LIMIT);
        warmUp(product, files, file);
        for (int round = 0; round < rounds && !clock.isOver(latest); round++) {
            boolean calmFirst = round % 2 == 0;
            if (calmFirst) {
                phase(files, calm, "calm");
            }
            try (var _ = new Trouble(product, file, round)) {
                rest(ONSET);
                phase(files, troubled, "trouble");
            }
            rest(REST);
            if (!calmFirst) {
                phase(files, calm, "calm");
            }
        }
    }

    private static void warmUp(Product product, GoodFiles files, Path file) throws IOException {
        double before = Double.MAX_VALUE;
        int even = 0;
        for (int i = 1; even < ENOUGH && i <= MOST_WARM_UPS; i++) {
            double calm = Median.of(files.measure().millis());
            // Trouble runs other code, which has to be compiled, too.
            try (var _ = new Trouble(product, file, -i)) {
                files.measure();
            }
            rest(REST);
            System.out.printf("warm-up  p50 %6.0f ms%n", calm);
            even = calm < STILL_FASTER * before ? 0 : even + 1;
            before = calm;
        }
    }

    private void phase(GoodFiles files, List<Double> all, String name) throws IOException {
        Measured measured = files.measure();
        all.addAll(measured.millis());
        missing += measured.missing();
        System.out.printf("%-8s p50 %6.0f ms, p99 %6.0f ms, %d missing%n", name, Median.of(measured.millis()),
                Median.percentile(measured.millis(), 0.99), measured.missing());
    }

    private static void rest(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    private static int failed(Product product) throws IOException, InterruptedException {
        int failed = 0;
        for (int i = 0; i < Partners.GOOD; i++) {
            failed += product.count(Partners.goodName(i), "FAILED");
            failed += product.count(Partners.goodName(i), "TIMED_OUT");
        }
        return failed;
    }

    private Figures figures(int failed) {
        var figures = new Figures();
        figures.add("isolation", Median.of(calm) / Median.of(troubled),
                "ratio of median latencies of good files, without trouble over with it; aim 0.8");
        figures.add("isolation_p99", Median.percentile(calm, 0.99) / Median.percentile(troubled, 0.99),
                "the same of the 99th percentile; aim 0.5");
        figures.add("good_files", calm.size() + troubled.size(), "good files that were put");
        figures.add("good_missing", missing, "good files that did not; aim 0");
        figures.add("good_failed", failed, "good files that are FAILED or TIMED_OUT; aim 0");
        figures.add("calm_p50_ms", Median.of(calm), "ms, without trouble");
        figures.add("calm_p99_ms", Median.percentile(calm, 0.99), "ms, without trouble");
        figures.add("trouble_p50_ms", Median.of(troubled), "ms, with trouble");
        figures.add("trouble_p99_ms", Median.percentile(troubled, 0.99), "ms, with trouble");
        return figures;
    }
}
