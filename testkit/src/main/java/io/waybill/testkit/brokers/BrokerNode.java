package io.waybill.testkit.brokers;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A Kafka node: one directory, one pair of ports, and one process after the other. */
public final class BrokerNode {
    private static final int STOP_LIMIT_SECONDS = 90;

    private final int id;
    private final Path directory;
    private final String cluster;
    private final String address;
    private @Nullable Process process;

    private BrokerNode(int id, Path directory, String cluster, String address) {
        this.id = id;
        this.directory = directory;
        this.cluster = cluster;
        this.address = address;
    }

    /** A node that is not started. */
    static BrokerNode prepared(Path directory, String cluster, NodeSettings settings) throws IOException {
        Path data = Files.createDirectories(directory).resolve("data");
        var node = new BrokerNode(settings.id(), directory, cluster, "127.0.0.1:" + settings.ports().client());
        try (var out = Files.newBufferedWriter(node.configuration())) {
            settings.properties(data).store(out, null);
        }
        return node;
    }

    private Path configuration() {
        return directory.resolve("server.properties");
    }

    /** All that its processes printed. */
    public Path log() {
        return directory.resolve("node.log");
    }

    private Process launch() throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Three that compile for their best speed take the processors from what is tested, for minutes.
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of("-Xms64m", "-Xmx320m", "-XX:+UseSerialGC", "-Xlog:disable", "-Xlog:all=error:stderr"));
        command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        command.add("-Dlogback.configurationFile=logback.xml");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), NodeProcess.class.getName()));
        command.addAll(List.of(configuration().toString(), cluster));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log().toFile()))
                .start();
    }

    public int id() {
        return id;
    }

    /** Host and port for clients, the same over all restarts. */
    public String address() {
        return address;
    }

    /** Starts a process on the directory and the ports of the one before; returns at once. */
    public synchronized void start() throws IOException {
        if (isAlive()) {
            throw new IllegalStateException("node " + id + " runs already");
        }
        process = launch();
    }

    /** Stops it in order, as SIGTERM does: it hands over what it leads. */
    public synchronized void stop() throws InterruptedException {
        Process stopping = process;
        if (stopping == null) {
            return;
        }
        stopping.destroy();
        if (!stopping.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("node " + id + " does not stop; see " + log());
        }
    }

    /** As {@code kill -9}. */
    public synchronized void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    @Override
    public String toString() {
        return "node " + id + " at " + address;
    }
}
