package io.waybill.e2e.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Watches directories through a process of its own, inotifywait: what the kernel saw, and nothing that Waybill says of
 * itself. Every directory event is told to the listener, in order, by one thread.
 */
final class Observer implements AutoCloseable {
    private static final String FENCE = "fence-";

    /** Seconds without any event, after which nobody can need it any more. */
    private static final String ORPHANED = "900";

    private final Path root;
    private final Process process;
    private final Consumer<DirectoryEvent> listener;
    private final Map<String, String> movedFrom = new HashMap<>();
    private final Map<String, CountDownLatch> fences = new java.util.concurrent.ConcurrentHashMap<>();
    private final Path fenceDirectory;
    private volatile @Nullable String failure;
    private long count;

    private Observer(Path root, Path fenceDirectory, Process process, Consumer<DirectoryEvent> listener) {
        this.root = root;
        this.fenceDirectory = fenceDirectory;
        this.process = process;
        this.listener = listener;
    }

    static boolean available() {
        return Stream.of("/usr/bin", "/bin", "/usr/local/bin")
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "inotifywait")));
    }

    /** Returns when nothing can be missed any more. */
    static Observer start(Path root, List<String> directories, Consumer<DirectoryEvent> listener)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("inotifywait", "-m", "--timeout", ORPHANED, "--format", "%e|%c|%w|%f"));
        for (DirectoryEvent.Kind kind : DirectoryEvent.Kind.values()) {
            command.addAll(List.of("-e", kind.name().toLowerCase(java.util.Locale.ROOT)));
        }
        for (String directory : directories) {
            command.add(Files.createDirectories(root.resolve(directory)).toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var observer = new Observer(root, root.resolve(directories.getFirst()), process, listener);
        observer.awaitWatches();
        return observer;
    }

    private void awaitWatches() throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("Watches established")) {
                // A read of a pipe holds its carrier: a few such virtual threads can keep all others from running.
                Thread.ofPlatform().daemon().name("observer").start(() -> read(lines));
                return;
            }
        }
        throw new AssertionError("inotifywait does not start");
    }

    private void read(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                see(line);
            }
        } catch (IOException | RuntimeException e) {
            failure = e.toString();
        }
    }

    private void see(String line) {
        String[] parts = line.split("\\|", 4);
        if (parts.length < 4 || parts[0].contains("OVERFLOW")) {
            throw new IllegalStateException("inotifywait said: " + line);
        }
        String name = parts[3];
        if (name.startsWith(FENCE)) {
            Optional.ofNullable(fences.get(name)).ifPresent(CountDownLatch::countDown);
            return;
        }
        String directory = root.relativize(Path.of(parts[2])).toString();
        DirectoryEvent.Kind kind = DirectoryEvent.Kind.valueOf(parts[0].split(",")[0]);
        Optional<String> from = Optional.empty();
        if (kind == DirectoryEvent.Kind.MOVED_FROM) {
            movedFrom.put(parts[1], name);
        } else if (kind == DirectoryEvent.Kind.MOVED_TO) {
            from = Optional.ofNullable(movedFrom.remove(parts[1]));
        }
        listener.accept(new DirectoryEvent(count++, kind, directory, name, from));
    }

    /** Returns when everything that happened until now was told. */
    void catchUp() throws IOException, InterruptedException {
        String name = FENCE + fences.size();
        var latch = new CountDownLatch(1);
        fences.put(name, latch);
        Path fence = Files.createFile(fenceDirectory.resolve(name));
        boolean seen = latch.await(20, TimeUnit.SECONDS);
        Files.delete(fence);
        if (!seen || failure != null) {
            throw new AssertionError("the observer missed something: " + failure);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
