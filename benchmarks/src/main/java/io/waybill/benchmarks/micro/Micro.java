package io.waybill.benchmarks.micro;

import static java.util.Objects.requireNonNull;

import io.waybill.benchmarks.Benchmark;
import io.waybill.benchmarks.Figures;
import io.waybill.benchmarks.Options;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What the pure parts cost, call by call: to see by hand whether a change made one of them dearer. */
public final class Micro implements Benchmark {
    /** What can be asked for. */
    public static final Set<String> PARTS =
            Subject.ALL.stream().map(Subject::part).collect(Collectors.toCollection(TreeSet::new));

    private static final int FORKS = 2;
    private static final int WARM_UPS = 3;
    private static final int MEASUREMENTS = 4;
    private static final TimeValue ITERATION = TimeValue.milliseconds(700);
    private static final List<String> JVM = List.of("-Xmx1g", "-XX:+UseParallelGC");
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    static {
        // Its lock is a file that nobody takes away; who measures here knows that the machine is his.
        System.setProperty("jmh.ignoreLock", "true");
    }

    private final Set<String> parts;
    private final int forks;

    public Micro(Options options) {
        parts = options.only().isEmpty() ? PARTS : options.only();
        forks = options.rounds() == 0 ? FORKS : options.rounds();
    }

    @Override
    public Figures run() throws IOException {
        Map<String, Object> conditions = new LinkedHashMap<>();
        conditions.put("cores", Runtime.getRuntime().availableProcessors());
        conditions.put("java", Runtime.version().toString());
        conditions.put("options", JVM);
        conditions.put("jvms", forks);
        conditions.put("iterations", MEASUREMENTS + " of " + ITERATION + " each, after " + WARM_UPS + " to warm up");
        conditions.put("error", "half of the 99.9% confidence interval");
        conditions.forEach((key, value) -> System.out.println(key + ": " + value));
        var figures = new Figures();
        var errors = new LinkedHashMap<String, Double>();
        var allocated = new LinkedHashMap<String, Long>();
        for (Subject subject : Subject.ALL) {
            if (parts.contains(subject.part()) && isHere(subject)) {
                RunResult result = measured(options(subject)
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .forks(forks)
                        .jvmArgsAppend(JVM.toArray(String[]::new))
                        .warmupIterations(WARM_UPS)
                        .warmupTime(ITERATION)
                        .measurementIterations(MEASUREMENTS)
                        .measurementTime(ITERATION)
                        .addProfiler(GCProfiler.class));
                add(figures, subject, result, errors, allocated);
            }
        }
        figures.detail("conditions", conditions);
        figures.detail("errors", errors);
        figures.detail("allocated_bytes", allocated);
        return figures;
    }

    /** Whether a subject can be measured on this platform; says why where it cannot. */
    static boolean isHere(Subject subject) {
        Optional<String> missing = subject.missing();
        missing.ifPresent(reason -> System.out.println(subject.figure() + " cannot be measured here: " + reason));
        return missing.isEmpty();
    }

    private static void add(
            Figures figures,
            Subject subject,
            RunResult result,
            Map<String, Double> errors,
            Map<String, Long> allocated) {
        Result<?> time = result.getPrimaryResult();
        double value = subject.bytes() == 0
                ? time.getScore()
                : subject.bytes() / (double) (1 << 20) / time.getScore() * TimeUnit.SECONDS.toNanos(1);
        // The error of a speed is, near enough, as large a part of it as that of the time is of the time.
        double error = value * time.getScoreError() / time.getScore();
        long bytes = Math.round(requireNonNull(result.getSecondaryResults().get(ALLOCATED)).getScore());
        String meaning = String.format(
                Locale.ROOT, "%s ± %.2f, %,d bytes allocated: %s", subject.bytes() == 0 ? "ns" : "MiB/s", error, bytes,
                subject.what());
        figures.add(subject.figure(), value, meaning);
        errors.put(subject.figure(), error);
        allocated.put(subject.figure(), bytes);
        System.out.printf(Locale.ROOT, "%.2f %s%n", value, meaning);
    }

    /** What JMH is asked for one subject; it says nothing while it works. */
    static ChainedOptionsBuilder options(Subject subject) {
        return new OptionsBuilder()
                .include("^" + Pattern.quote(subject.benchmark()) + "$")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    /**
     * @throws IOException if it fails, or JMH does not know it
     */
    static RunResult measured(ChainedOptionsBuilder options) throws IOException {
        try {
            return new Runner(options.build()).runSingle();
        } catch (RunnerException e) {
            throw new IOException("JMH could not measure what it was asked for", e);
        }
    }
}
