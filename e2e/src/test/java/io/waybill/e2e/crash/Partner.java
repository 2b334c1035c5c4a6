package io.waybill.e2e.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at every file the moment it gets its final name, and takes it away at once from those directories that are its
 * to empty. One thread calls {@link #see}.
 */
final class Partner {
    /** A name that vanished before it could be read. */
    static final String VANISHED = "vanished";

    private final Path root;
    private final Path away;
    private final Set<String> emptied;
    private final Set<DirectoryEvent.Kind> appearing;
    private final Map<Long, String> contents = new ConcurrentHashMap<>();

    /**
     * @param emptied   directories whose files are taken
     * @param appearing what is seen when a file gets its final name
     */
    Partner(Path root, Path away, Set<String> emptied, Set<DirectoryEvent.Kind> appearing) {
        this.root = root;
        this.away = away;
        this.emptied = emptied;
        this.appearing = appearing;
    }

    void see(DirectoryEvent directoryEvent) {
        if (directoryEvent.isFinal() && appearing.contains(directoryEvent.kind())) {
            contents.put(directoryEvent.number(), look(directoryEvent));
        }
    }

    private String look(DirectoryEvent directoryEvent) {
        Path file = root.resolve(directoryEvent.directory()).resolve(directoryEvent.name());
        try {
            if (!emptied.contains(directoryEvent.directory())) {
                return digest(file);
            }
            Path taken = away.resolve(directoryEvent.number() + "-" + directoryEvent.name());
            Files.move(file, taken);
            String digest = digest(taken);
            Files.delete(taken);
            return digest;
        } catch (IOException e) {
            return VANISHED;
        }
    }

    /** Of what has the name now. */
    static String digest(Path file) throws IOException {
        return LoadGenerator.sha256(Files.readAllBytes(file));
    }

    /** The sha256 of what was found, by the number of the directory event. */
    Map<Long, String> contents() {
        return contents;
    }
}
