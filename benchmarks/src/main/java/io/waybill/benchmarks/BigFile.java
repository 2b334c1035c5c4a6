package io.waybill.benchmarks;

import io.waybill.devstack.process.EmbeddedPorts;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.store.Content;
import io.waybill.store.ObjectStore;
import io.waybill.testkit.OpenSshServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One file of 1 GiB from S3 to OpenSSH, end to end through Kafka, with a transfer-worker of 128 MiB of heap in a JVM of
 * its own. Its peak resident memory is the figure; the rate beside it includes the store's and the server's work on the
 * same machine.
 */
public final class BigFile implements Benchmark {
    private static final long BYTES = 1L << 30;
    private static final String HEAP = "128m";
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final ProcessClock CLOCK = ProcessClock.system();

    @Override
    public Figures run() throws IOException, InterruptedException {
        System.out.printf(
                "%nrss: 1 GiB, one file, loopback, OpenSSH, end to end, worker at -Xmx%s, %d cores, Java %s%n",
                HEAP, Runtime.getRuntime().availableProcessors(), Runtime.version());
        Path scratch = Files.createTempDirectory("waybill-bench");
        try (var server = OpenSshServer.start(scratch.resolve("ssh"))) {
            return measured(scratch, server);
        } finally {
            Trees.delete(scratch);
        }
    }

    private static Figures measured(Path scratch, OpenSshServer server) throws IOException, InterruptedException {
        Path file = madeFile(scratch.resolve("big.bin"));
        Content content = Content.of(file);
        Path target = server.files().resolve("big.bin");
        var settings = new EmbeddedProcess.Settings(
                scratch.resolve("data"),
                EmbeddedPorts.ANY,
                Optional.of(configuration(scratch, server)),
                Overrides.NONE,
                false,
                Services.except("transfer-worker"));
        Path log = scratch.resolve("worker.log");
        try (var stack = new EmbeddedProcess(settings, CLOCK)) {
            Running running = stack.start((_, _) -> {}).orElseThrow();
            try (var store = ObjectStore.writer(running.config().s3());
                    var worker = WorkerProcess.start(running.configurationFile(), HEAP, log)) {
                store.put("big", "big.bin", file, content.sha256());
                Instant put = CLOCK.instant();
                while (Files.notExists(target)) {
                    worker.requireAlive(log);
                    if (Duration.between(put, CLOCK.instant()).compareTo(LIMIT) > 0) {
                        throw new IOException("not delivered within " + LIMIT + ":\n" + Files.readString(log));
                    }
                    LockSupport.parkNanos(LOOK_EVERY_NANOS);
                }
                double seconds = Duration.between(put, CLOCK.instant()).toMillis() / 1000.0;
                if (!Content.of(target).sha256().equals(content.sha256())) {
                    throw new IOException("what arrived is not what was sent");
                }
                var figures = new Figures();
                figures.add("rss_mib", worker.peakResidentMebibytes(), "MiB, the worker's peak resident memory");
                System.out.printf("%.0f MiB/s from the end of the put to the final name%n",
                        BYTES / 1048576.0 / seconds);
                return figures;
            }
        }
    }

    private static Path configuration(Path scratch, OpenSshServer server) throws IOException {
        String yaml = "destinations:\n" + server.destination().yaml("openssh") + """
                routes:
                  big:
                    source: { bucket: big }
                    deliver: { destination: openssh, path: "/{name}" }
                """;
        return Files.writeString(scratch.resolve("user.yaml"), yaml);
    }

    private static Path madeFile(Path file) throws IOException {
        var random = new SplittableRandom(1);
        var block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < BYTES; written += block.length) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }
}
