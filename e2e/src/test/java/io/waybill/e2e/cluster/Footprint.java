package io.waybill.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The memory and the processor time that the processes of the services take, as the kernel counts them. */
final class Footprint {
    private static final Pattern SERVICE = Pattern.compile(" run ([a-z-]+) --config ");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final Map<String, ProcessHandle> processes = new TreeMap<>();
    private final Map<String, Duration> busyBefore = new TreeMap<>();
    private final long begin = System.nanoTime();

    private Footprint() {}

    /** Begins to measure the pods that this test has started; one process for each service. */
    static Footprint begin() {
        var footprint = new Footprint();
        ProcessHandle.current().descendants().forEach(process -> {
            var service = SERVICE.matcher(process.info().commandLine().orElse(""));
            // The sandbox around a process has the same words, and takes nothing.
            if (service.find() && process.children().findAny().isEmpty()) {
                footprint.processes.put(service.group(1), process);
                footprint.busyBefore.put(service.group(1), busy(process));
            }
        });
        return footprint;
    }

    private static Duration busy(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /**
     * Prints what each took since the beginning.
     *
     * @param when what the stack did meanwhile
     */
    void print(String when) throws IOException {
        double seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
        for (var one : processes.entrySet()) {
            if (!one.getValue().isAlive()) {
                continue;
            }
            Duration took = busy(one.getValue()).minus(busyBefore.getOrDefault(one.getKey(), Duration.ZERO));
            Figures.print(String.format(
                    Locale.ROOT, "footprint %s: %s %d MiB resident, %.3f processors in %.0f s", when, one.getKey(),
                    resident(one.getValue()), took.toMillis() / 1000.0 / seconds, seconds));
        }
    }

    /** Mebibytes; 0 if the process has ended. */
    private static long resident(ProcessHandle process) throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (Files.notExists(status)) {
            return 0;
        }
        var found = RESIDENT.matcher(Files.readString(status));
        return found.find() ? Long.parseLong(found.group(1)) / 1024 : 0;
    }
}
