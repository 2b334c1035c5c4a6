package io.waybill.devstack.servers;

import io.waybill.runtime.time.ProcessClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A stack in a JVM of its own, so that a test can kill it. */
final class StackInAProcess implements AutoCloseable {
    private static final String READY = "ready ";

    private final Process process;
    private final List<String> addresses;

    private StackInAProcess(Process process, List<String> addresses) {
        this.process = process;
        this.addresses = addresses;
    }

    /** Starts the stack over the directory and returns when it serves. */
    static StackInAProcess start(Path dataDir) throws IOException {
        var process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                StackInAProcess.class.getName(),
                dataDir.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new StackInAProcess(process, awaitReady(process.inputReader(StandardCharsets.UTF_8)));
    }

    private static List<String> awaitReady(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return List.of(line.substring(READY.length()).split(" ", -1));
            }
        }
        throw new IOException("the stack ended before it was ready");
    }

    String bootstrapServers() {
        return addresses.get(0);
    }

    String s3() {
        return addresses.get(1);
    }

    String registry() {
        return addresses.get(2);
    }

    /** As {@code kill -9}: the process gets no chance to do anything. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    /** @param args the data directory */
    public static void main(String[] args) throws Exception {
        var settings = StackSettings.anyPorts(Path.of(args[0]), Path.of("target/app/registry"));
        var stack = new EmbeddedStack(
                settings,
                bootstrapServers -> Clients.createTopic(bootstrapServers, settings.notificationsTopic()),
                ProcessClock.system()); // allow clock: this is a main
        var endpoints = stack.start();
        System.out.println(READY + endpoints.bootstrapServers() + " " + endpoints.s3() + " " // allow console: to the test
                + endpoints.registryUrl());
        Thread.currentThread().join();
    }
}
