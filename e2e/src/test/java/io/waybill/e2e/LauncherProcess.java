package io.waybill.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command in a JVM of its own, so that a test can kill it. Its standard error goes to a file. */
public final class LauncherProcess implements AutoCloseable {
    private static final int TAIL = 20;

    private final Process process;
    private final Path log;

    private LauncherProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** One that lives for seconds: too short for much compiling. */
    public static LauncherProcess start(Path log, List<String> arguments) throws IOException {
        return start(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), log, arguments);
    }

    /** One that has much to encrypt, which only the second compiler does by the processor's own instructions. */
    static LauncherProcess startHardWorking(Path log, List<String> arguments) throws IOException {
        return start(List.of(), log, arguments);
    }

    private static LauncherProcess start(List<String> flags, Path log, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-Xmx512m"));
        command.addAll(flags);
        // Not the tests' own, which may log to standard output.
        command.add("-Dlogback.configurationFile=logback.xml");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.waybill.devstack.Main"));
        command.addAll(arguments);
        return new LauncherProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start(), log);
    }

    /** The next line of standard output; fails with the end of the log if the process ends before it. */
    String awaitLine() throws IOException {
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (line == null) {
            List<String> said = Files.readAllLines(log);
            throw new AssertionError("the process ended without another line; its log ends with:\n"
                    + String.join("\n", said.subList(Math.max(0, said.size() - TAIL), said.size())));
        }
        return line;
    }

    /** What a list of processes shows of it, and of what it started. */
    List<String> commandLines() {
        try (var all = Stream.concat(Stream.of(process.toHandle()), process.descendants())) {
            return all.map(one -> one.info().commandLine().orElse("")).toList();
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** How it ended. It must have ended. */
    public int exitCode() {
        return process.exitValue();
    }

    /** As {@code kill -9}: the process gets no chance to do anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** As SIGTERM; returns the exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end on SIGTERM");
        }
        return process.exitValue();
    }

    /** As SIGTERM; returns at once. */
    void signal() {
        process.destroy();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
