package io.waybill.testkit.kube.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One process of a container, seen from outside its sandbox. Any thread. */
final class ContainerProcess {
    private static final Pattern CHILD = Pattern.compile("\"child-pid\"\\s*:\\s*(\\d+)");
    private static final long LOOK_EVERY_MILLIS = 10;

    private final Process sandbox;

    /** The program itself, whose parent is the sandbox; empty if the sandbox ended before it. */
    private final Optional<ProcessHandle> program;

    private ContainerProcess(Process sandbox, Optional<ProcessHandle> program) {
        this.sandbox = sandbox;
        this.program = program;
    }

    static ContainerProcess start(Sandbox sandbox, Path directory, Launcher launcher, Path log)
            throws IOException, InterruptedException {
        Path information = directory.resolve("sandbox.json");
        Files.deleteIfExists(information);
        Process outer = launcher.start(sandbox, information, log);
        Optional<ProcessHandle> program = program(information);
        while (program.isEmpty() && !outer.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            program = program(information);
        }
        return new ContainerProcess(outer, program);
    }

    private static Optional<ProcessHandle> program(Path information) throws IOException {
        Matcher child = CHILD.matcher(Files.exists(information) ? Files.readString(information) : "");
        return child.find() ? ProcessHandle.of(Long.parseLong(child.group(1))) : Optional.empty();
    }

    /** SIGTERM. */
    void terminate() {
        program.ifPresent(ProcessHandle::destroy);
    }

    /** SIGKILL. */
    void kill() {
        program.ifPresentOrElse(ProcessHandle::destroyForcibly, sandbox::destroyForcibly);
    }

    /** Waits for its end; returns the exit code, which is 128 and the number of a signal that ended it. */
    int awaitEnd() throws InterruptedException {
        return sandbox.waitFor();
    }

    boolean endsWithin(long millis) throws InterruptedException {
        return sandbox.waitFor(millis, TimeUnit.MILLISECONDS);
    }
}
