package io.waybill.benchmarks;

import io.waybill.benchmarks.transfer.Median;
import io.waybill.devstack.process.EmbeddedPorts;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * How long a transfer-worker takes from its start to ready (its partitions are assigned and their ledgers read), with the
 * AOT cache of the package and without, in turn. Broker, registry and store run already.
 */
final class ColdStart implements Benchmark {
    private static final int ROUNDS = 7;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long STOP_SECONDS = 60;
    private static final int OK = 200;
    private static final ProcessClock CLOCK = ProcessClock.system();
    private static final String CACHE = "waybill.aot";

    private final int rounds;
    private final Path application;

    /**
     * @param rounds 0 for as many as it takes by itself
     */
    ColdStart(int rounds) {
        this.rounds = rounds == 0 ? ROUNDS : rounds;
        application = Path.of(System.getProperty("waybill.bench.app", "devstack/target/app"));
    }

    @Override
    public Figures run() throws IOException, InterruptedException {
        Path cache = application.resolve(CACHE);
        if (Files.notExists(cache)) {
            throw new IOException("there is no " + cache + "; run build-support/aot, as ./bench start does");
        }
        System.out.printf(
                "transfer-worker from its start to ready, %d rounds, %d cores, Java %s, cache of %d MiB%n",
                rounds, Runtime.getRuntime().availableProcessors(), Runtime.version(), Files.size(cache) >> 20);
        Path scratch = Files.createTempDirectory("waybill-bench");
        var settings = new EmbeddedProcess.Settings(
                scratch.resolve("data"),
                EmbeddedPorts.ANY,
                Optional.empty(),
                Overrides.NONE,
                false,
                Services.except("transfer-worker"));
        try (var stack = new EmbeddedProcess(settings, CLOCK)) {
            Path configuration = stack.start((_, _) -> {}).orElseThrow().configurationFile();
            return measured(configuration, List.of("-XX:AOTCache=" + cache), scratch.resolve("worker.log"));
        } finally {
            Trees.delete(scratch);
        }
    }

    private Figures measured(Path configuration, List<String> cached, Path log)
            throws IOException, InterruptedException {
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            double plain = readyMillis(configuration, List.of(), log);
            double fast = readyMillis(configuration, cached, log);
            System.out.printf("round %d: without %5.0f ms, with %5.0f ms%n", round, plain, fast);
            // The first round warms the page cache and the broker up.
            if (round > 0) {
                without.add(plain);
                with.add(fast);
                ratios.add(plain / fast);
            }
        }
        var figures = new Figures();
        figures.add("ready_without_ms", Median.of(without), "ms, worker ready without a cache");
        figures.add("ready_with_ms", Median.of(with), "ms, worker ready with the AOT cache");
        figures.add("with_vs_without", Median.of(ratios), "ratio, how many times as fast with the cache");
        return figures;
    }

    private double readyMillis(Path configuration, List<String> options, Path log)
            throws IOException, InterruptedException {
        int port = FreePort.find();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of(
                "-cp", classPath(), "io.waybill.launcher.Main", "run", "transfer-worker", "--config",
                configuration.toString(), "--set", "http.port=" + port));
        Instant start = CLOCK.instant();
        Process worker = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            awaitReady(worker, port, start, log);
            return Duration.between(start, CLOCK.instant()).toNanos() / 1e6;
        } finally {
            worker.destroy();
            if (!worker.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                worker.destroyForcibly();
            }
        }
    }

    /** As ./waybill names it; a cache wants the same one each time. */
    private String classPath() throws IOException {
        try (var jars = Files.list(application.resolve("lib"))) {
            return jars.map(Path::toString).sorted().collect(Collectors.joining(":"));
        }
    }

    private static void awaitReady(Process worker, int port, Instant start, Path log)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz")).build();
        try (var client = HttpClient.newHttpClient()) {
            while (!ready(client, request)) {
                if (!worker.isAlive() || Duration.between(start, CLOCK.instant()).compareTo(LIMIT) > 0) {
                    throw new IOException("the worker did not become ready:\n" + Files.readString(log));
                }
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
            }
        }
    }

    private static boolean ready(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            // It does not listen yet.
            return false;
        }
    }
}
