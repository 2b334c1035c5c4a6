package io.waybill.e2e.crash;

import io.waybill.devstack.process.EmbeddedPorts;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Broker, S3, registry and every service but the worker, in a process of its own. It says {@code ready FILE} with its
 * configuration, and ends with its standard input.
 */
final class CrashStack {
    private CrashStack() {}

    /** @param args data directory, the user's configuration, and the ports of Kafka, S3, SFTP, registry and HTTP */
    public static void main(String[] args) throws Exception {
        int[] ports = Arrays.stream(args).skip(2).mapToInt(Integer::parseInt).toArray();
        var flags = Map.of("topics.workPartitions", "6", "topics.filePartitions", "3", "monitor.tick", "200ms");
        var settings = new EmbeddedProcess.Settings(
                Path.of(args[0]),
                new EmbeddedPorts(ports[0], ports[1], ports[2], ports[3], ports[4]),
                Optional.of(Path.of(args[1])),
                new Overrides(flags, Map.of()),
                false,
                Services.except("transfer-worker"));
        try (var stack = new EmbeddedProcess(settings, ProcessClock.system())) {
            var running = stack.start((_, _) -> {}).orElseThrow();
            System.out.println("ready " + running.configurationFile()); // allow console: it is the way to the test
            Thread.ofPlatform().daemon().name("commands").start(() -> {
                awaitEnd(System.in);
                stack.stop();
            });
            var _ = stack.awaitEnd(running);
        }
        System.exit(0);
    }

    private static void awaitEnd(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // As good as its end.
        }
    }
}
