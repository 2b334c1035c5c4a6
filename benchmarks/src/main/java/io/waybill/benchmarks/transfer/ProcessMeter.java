package io.waybill.benchmarks.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a process and its descendants use, looked up now and then while they run, since nobody can ask after the end. Linux
 * only.
 */
public final class ProcessMeter {
    private static final double TICKS_PER_SECOND = 100;
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int REAPED_USER_TICKS = 13;
    private static final int REAPED_SYSTEM_TICKS = 14;

    private final Map<Long, Double> cpu = new HashMap<>();
    private final Map<Long, Double> peak = new HashMap<>();

    /** Looks until the process has ended. */
    void follow(Process process) {
        while (process.isAlive()) {
            look(process.toHandle());
            process.descendants().forEach(this::look);
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    private void look(ProcessHandle process) {
        try {
            cpu.merge(process.pid(), cpuSeconds(process.pid()), Math::max);
            peak.merge(process.pid(), peakMebibytes(process.pid()), Math::max);
        } catch (IOException e) {
            // It has just ended; what was last seen of it stands.
            return;
        }
    }

    double cpuSeconds() {
        return cpu.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    double peakMebibytes() {
        return peak.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** What a process that is alive has used so far, its own threads only. */
    static double cpuSeconds(long pid) throws IOException {
        return ticks(Path.of("/proc", String.valueOf(pid), "stat"), USER_TICKS, SYSTEM_TICKS);
    }

    /** What all children of this JVM that have ended used, with those of their descendants that they waited for. */
    static double cpuSecondsOfEnded() throws IOException {
        return ticks(Path.of("/proc/self/stat"), REAPED_USER_TICKS, REAPED_SYSTEM_TICKS);
    }

    private static double ticks(Path stat, int user, int system) throws IOException {
        String line = Files.readString(stat);
        // The second field is the program's name in parentheses, which may hold blanks.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[user]) + Long.parseLong(fields[system])) / TICKS_PER_SECOND;
    }

    /** The most memory that was resident since the start, or since {@link #forgetPeak}; of a process that is alive. */
    public static double peakMebibytes(long pid) throws IOException {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("no VmHWM in " + status))
                / 1024.0;
    }

    /** Lets the peak begin anew at what is resident now. */
    static void forgetPeak(long pid) throws IOException {
        Files.writeString(Path.of("/proc", String.valueOf(pid), "clear_refs"), "5");
    }
}
