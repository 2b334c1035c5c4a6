package io.waybill.benchmarks.transfer;

import io.waybill.devstack.process.EmbeddedPorts;
import io.waybill.devstack.process.EmbeddedProcess;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The whole product as {@code ./waybill up} runs it, in this JVM, with one route from a bucket to an OpenSSH server. */
final class Pipeline implements AutoCloseable {
    static final int CONNECTIONS = 4;
    static final int IN_FLIGHT = 16;

    private final EmbeddedProcess process;
    private final WaybillConfig config;

    private Pipeline(EmbeddedProcess process, WaybillConfig config) {
        this.process = process;
        this.config = config;
    }

    /**
     * Starts all of it, and returns when it is ready.
     *
     * @param directory for its data; new
     * @param flags     above everything else that it is configured by
     */
    static Pipeline start(Path directory, String bucket, Endpoint endpoint, Map<String, String> flags)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path user = Files.writeString(directory.resolve("user.yaml"), """
                destinations:
                %s    maxConnections: %d
                    inFlight: %d
                routes:
                  bench:
                    source: { bucket: %s }
                    deliver: { destination: openssh, path: "/{name}" }
                """.formatted(endpoint.destination().yaml("openssh"), CONNECTIONS, IN_FLIGHT, bucket));
        var settings = new EmbeddedProcess.Settings(
                directory.resolve("data"),
                EmbeddedPorts.ANY,
                Optional.of(user),
                new Overrides(flags, Map.of()),
                false,
                Services.ALL);
        var process = new EmbeddedProcess(settings, ProcessClock.system());
        try {
            return new Pipeline(process, process.start((_, _) -> {}).orElseThrow().config());
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    WaybillConfig config() {
        return config;
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
