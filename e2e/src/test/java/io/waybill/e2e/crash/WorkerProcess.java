package io.waybill.e2e.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link CrashWorker}, seen by the test: one worker id, and one process after the other. One thread. */
final class WorkerProcess implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(20);

    private final Jvm jvm;
    private final Path configuration;
    private final String id;
    private final Protocol protocol;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private BlockingQueue<Word> words = new LinkedBlockingQueue<>();
    private @Nullable Process process;

    WorkerProcess(Jvm jvm, Path configuration, String id, Protocol protocol) {
        this.jvm = jvm;
        this.configuration = configuration;
        this.id = id;
        this.protocol = protocol;
    }

    /** What a worker said. */
    sealed interface Word {}

    record Ready() implements Word {}

    record Hit(int fault) implements Word {}

    record Disarmed(int fault) implements Word {}

    /** The process is gone. */
    record Ended() implements Word {}

    String id() {
        return id;
    }

    /** All points that were passed so far. Any thread. */
    Set<String> seen() {
        return seen;
    }

    /** Starts a process, with faults armed before it begins. */
    void start(List<Fault> armed) {
        Process starting = jvm.start(
                id, jvm.shortLived(), CrashWorker.class, List.of(configuration.toString(), id, protocol.name()));
        process = starting;
        // A queue of its own, so that no word of an earlier process is taken for one of this.
        BlockingQueue<Word> heard = new LinkedBlockingQueue<>();
        words = heard;
        // A read of a pipe holds its carrier: a few such virtual threads can keep all others from running.
        Thread.ofPlatform().daemon().name(id + "-words").start(() -> listen(starting, heard));
        armed.forEach(this::arm);
    }

    private void listen(Process speaking, BlockingQueue<Word> heard) {
        try (BufferedReader lines = speaking.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split(" ");
                switch (parts[0]) {
                    case "seen" -> seen.add(parts[1]);
                    case "ready" -> heard.add(new Ready());
                    case "hit" -> heard.add(new Hit(Integer.parseInt(parts[1])));
                    case "disarmed" -> heard.add(new Disarmed(Integer.parseInt(parts[1])));
                    default -> throw new IllegalStateException(id + " said: " + line);
                }
            }
        } catch (IOException e) {
            // It was killed while it spoke.
        }
        heard.add(new Ended());
    }

    /** The next word; empty if there is none in time. */
    Optional<Word> hear(Duration patience) throws InterruptedException {
        return Optional.ofNullable(words.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Waits until the worker is at work; other words are lost. */
    void awaitReady(Duration patience) throws InterruptedException {
        Optional<Word> word = hear(patience);
        while (word.isPresent() && !(word.get() instanceof Ready)) {
            if (word.get() instanceof Ended) {
                throw new AssertionError(id + " ended while starting; see " + jvm.log(id));
            }
            word = hear(patience);
        }
        if (word.isEmpty()) {
            throw new AssertionError(id + " was not ready in time; see " + jvm.log(id));
        }
    }

    void arm(Fault fault) {
        say("arm " + fault.line());
    }

    void disarm(Fault fault) {
        say("disarm " + fault.id());
    }

    /** Lets the thread that a fault holds go on. */
    void release(Fault fault) {
        say("go " + fault.id());
    }

    private void say(String line) {
        if (process != null) {
            // Never checked for errors: a process that is gone says so itself.
            new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8).println(line);
        }
    }

    /** Writes what every thread is doing, virtual ones too, beside its log. */
    void dumpThreads() throws InterruptedException {
        if (process == null || !process.isAlive()) {
            return;
        }
        String dump = jvm.log(id + "-threads").toString();
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            new ProcessBuilder(jcmd, Long.toString(process.pid()), "Thread.dump_to_file", "-overwrite", dump)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectErrorStream(true)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException("there is no jcmd", e);
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** As a machine that is suspended; pipes take what is said meanwhile. */
    void suspend() throws InterruptedException {
        if (process != null) {
            Signals.stop(process);
        }
    }

    void resume() throws InterruptedException {
        if (process != null) {
            Signals.resume(process);
        }
    }

    /** Ends it in order; by force if that takes too long. */
    void end() throws InterruptedException {
        say("stop");
        if (process != null && !process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
