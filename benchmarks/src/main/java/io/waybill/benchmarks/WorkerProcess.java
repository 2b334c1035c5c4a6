package io.waybill.benchmarks;

import io.waybill.benchmarks.transfer.ProcessMeter;
import io.waybill.benchmarks.transfer.Processes;
import io.waybill.launcher.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A transfer-worker in a JVM of its own, so that its memory can be bounded and measured. Linux only. */
final class WorkerProcess implements AutoCloseable {
    private final Process process;

    private WorkerProcess(Process process) {
        this.process = process;
    }

    /**
     * @param heap such as "128m"
     * @param log  takes the worker's output
     */
    static WorkerProcess start(Path configuration, String heap, Path log) throws IOException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "transfer-worker",
                "--config",
                configuration.toString(),
                "--set",
                "http.port=0");
        return new WorkerProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    /** The most memory that was resident at one time so far, in MiB, as the kernel counts it. */
    double peakResidentMebibytes() throws IOException {
        return ProcessMeter.peakMebibytes(process.pid());
    }

    void requireAlive(Path log) throws IOException {
        if (!process.isAlive()) {
            throw new IOException(
                    "the worker ended with " + process.exitValue() + ":\n" + Files.readString(log));
        }
    }

    @Override
    public void close() {
        Processes.end(process);
    }
}
