package io.waybill.benchmarks.transfer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A JVM that stays until it is closed, and answers by lines that begin with {@link Exchange#MARK}. One thread. */
final class Daemon implements AutoCloseable {
    private static final InstantSource CLOCK = InstantSource.system();

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;
    private final Path log;

    private Daemon(Process process, Path log) {
        this.process = process;
        this.answers = process.inputReader();
        this.orders = process.outputWriter();
        this.log = log;
    }

    /**
     * Starts a main class of this class path.
     *
     * @param options of the JVM
     * @param log     takes what it says besides its answers
     */
    static Daemon start(Class<?> main, List<String> options, List<String> arguments, Path log) throws IOException {
        return start(System.getProperty("java.class.path"), main.getName(), options, arguments, log);
    }

    /** Starts a main class of any class path. */
    static Daemon start(String classPath, String main, List<String> options, List<String> arguments, Path log)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(arguments);
        return new Daemon(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                log);
    }

    long pid() {
        return process.pid();
    }

    /** Says something, and returns the answer. */
    String ask(String line) throws IOException {
        orders.write(line + "\n");
        orders.flush();
        return answer();
    }

    /** The next answer. */
    String answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(Exchange.MARK)) {
                return line.substring(Exchange.MARK.length());
            }
        }
        throw new IOException("the JVM ended without an answer; what it said is in " + log);
    }

    /** Says the word to go, and takes the measure until it is done. */
    Spent go() throws IOException, ContestantFailedException {
        ProcessMeter.forgetPeak(pid());
        double before = ProcessMeter.cpuSeconds(pid());
        Instant start = CLOCK.instant();
        require(ask(""), Exchange.DONE);
        double seconds = Duration.between(start, CLOCK.instant()).toNanos() / 1e9;
        return new Spent(
                seconds, ProcessMeter.cpuSeconds(pid()) - before, ProcessMeter.peakMebibytes(pid()));
    }

    void require(String answer, String expected) throws ContestantFailedException {
        if (!answer.equals(expected)) {
            throw new ContestantFailedException(answer);
        }
    }

    @Override
    public void close() {
        Processes.end(process);
    }
}
