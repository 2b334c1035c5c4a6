package io.waybill.e2e.crash;

import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.testkit.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link CrashStack}, seen by the test. One thread at a time. */
final class StackProcess implements AutoCloseable {
    private static final String READY = "ready ";
    private static final int STARTS = 3;

    private final Jvm jvm;
    private final List<String> arguments;
    private Process process;

    private StackProcess(Jvm jvm, List<String> arguments, Process process) {
        this.jvm = jvm;
        this.arguments = arguments;
        this.process = process;
    }

    /** Starts everything, and returns when it is ready. */
    static StackProcess start(Jvm jvm, Path data, Path userFile) throws IOException {
        var ports = Stream.generate(FreePort::find).limit(5).toList();
        var arguments = new ArrayList<String>(List.of(data.toString(), userFile.toString()));
        ports.forEach(port -> arguments.add(port.toString()));
        var stack = new StackProcess(jvm, List.copyOf(arguments), launch(jvm, arguments));
        if (!stack.ready()) {
            stack.startAgain();
        }
        return stack;
    }

    private static Process launch(Jvm jvm, List<String> arguments) {
        return jvm.start("stack", jvm.longLived(), CrashStack.class, arguments);
    }

    /** False if it ended instead. */
    private boolean ready() throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(READY)) {
                return true;
            }
        }
        return false;
    }

    Path configurationFile() {
        return Path.of(arguments.getFirst(), "waybill.yaml");
    }

    WaybillConfig configuration() {
        return WaybillConfig.load(configurationFile(), Overrides.NONE, Services.sections());
    }

    /** As {@code kill -9}; the registry's process sees its parent end, and ends. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts it again where it was, and returns when it is ready; on a busy machine it may need several tries. */
    void startAgain() throws IOException {
        for (int i = 0; i < STARTS; i++) {
            process = launch(jvm, arguments);
            if (ready()) {
                return;
            }
        }
        throw new AssertionError("the stack does not start; see " + jvm.log("stack"));
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> children = descendants();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private List<ProcessHandle> descendants() {
        try (Stream<ProcessHandle> all = process.descendants()) {
            return all.toList();
        }
    }
}
