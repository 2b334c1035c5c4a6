package io.waybill.benchmarks.transfer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A command that is started for each workload and ends with it. */
final class Program implements Contestant {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int MOST_SAID = 600;

    private final String name;
    private final String description;
    private final Duration limit;
    private final Path log;
    private final Wording wording;

    /** How the command is told what to do. */
    interface Wording {
        List<String> words(Workload workload, Endpoint endpoint) throws IOException;
    }

    /**
     * @param limit how long it may take
     * @param log   takes what it says
     */
    Program(String name, String description, Duration limit, Path log, Wording wording) {
        this.name = name;
        this.description = description;
        this.limit = limit;
        this.log = log;
        this.wording = wording;
    }

    /** Whether a command is on the path. */
    static boolean installed(String command) {
        return Arrays.stream(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    /** The first line that a command prints. */
    static String firstLine(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (var output = process.inputReader()) {
            return Optional.ofNullable(output.readLine()).orElse("").strip();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Spent send(Workload workload, Endpoint endpoint)
            throws ContestantFailedException, IOException, InterruptedException {
        List<String> words = wording.words(workload, endpoint);
        var meter = new ProcessMeter();
        double before = ProcessMeter.cpuSecondsOfEnded();
        Instant start = CLOCK.instant();
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        CompletableFuture<Instant> end = process.onExit().thenApply(_ -> CLOCK.instant());
        Thread watch = Thread.ofPlatform().daemon().start(() -> meter.follow(process));
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            throw new ContestantFailedException("not done after " + limit + "; it said: " + said());
        }
        watch.join();
        if (process.exitValue() != 0) {
            throw new ContestantFailedException("exit code " + process.exitValue() + "; it said: " + said());
        }
        double seconds = Duration.between(start, end.join()).toNanos() / 1e9;
        double cpu = Math.max(meter.cpuSeconds(), ProcessMeter.cpuSecondsOfEnded() - before);
        return new Spent(seconds, cpu, meter.peakMebibytes());
    }

    private String said() throws IOException {
        String all = Files.readString(log).strip();
        return all.substring(Math.max(0, all.length() - MOST_SAID));
    }

    @Override
    public void close() {
        // Nothing runs between two workloads.
    }
}
