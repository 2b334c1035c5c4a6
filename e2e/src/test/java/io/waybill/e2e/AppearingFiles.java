package io.waybill.e2e;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.TreeMap;

/** Counts how often each name appears in a directory, also where it replaces a file. */
public final class AppearingFiles implements AutoCloseable {
    /** For events that the system dropped, of which nobody knows what they were. */
    public static final String LOST = "(lost)";

    private final WatchService watch;
    private final Thread thread;
    private final Map<String, Integer> times = new TreeMap<>();

    private AppearingFiles(WatchService watch) {
        this.watch = watch;
        this.thread = Thread.ofVirtual().name("appearing-files").unstarted(this::count);
    }

    /** Begins to count, before it returns. */
    public static AppearingFiles in(Path directory) throws IOException {
        WatchService watch = FileSystems.getDefault().newWatchService();
        directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        var appearing = new AppearingFiles(watch);
        appearing.thread.start();
        return appearing;
    }

    private void count() {
        try {
            while (true) {
                WatchKey key = watch.take();
                key.pollEvents().forEach(this::count);
                key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            // Nobody counts any more.
        }
    }

    private synchronized void count(WatchEvent<?> event) {
        String name = event.context() instanceof Path path ? path.toString() : LOST;
        if (!name.equals(".waybill")) {
            times.merge(name, event.count(), Integer::sum);
        }
    }

    /** How often each name appeared so far. */
    public synchronized Map<String, Integer> times() {
        return new TreeMap<>(times);
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
