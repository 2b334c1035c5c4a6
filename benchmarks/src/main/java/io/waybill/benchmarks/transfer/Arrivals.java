package io.waybill.benchmarks.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What lies in the directory that files are sent to. Directories in it are staging directories, and stay. */
final class Arrivals {
    private final Path directory;

    Arrivals(Path directory) {
        this.directory = directory;
    }

    /** Removes all files. */
    void clear() throws IOException {
        for (Path file : files(true)) {
            Files.delete(file);
        }
    }

    /**
     * Looks whether everything is there, whole.
     *
     * @param byContent whether every byte is compared, or only names and sizes
     */
    void require(Workload workload, boolean byContent) throws ContestantFailedException, IOException {
        Map<String, Path> there = new HashMap<>();
        files(false).forEach(file -> there.put(file.getFileName().toString(), file));
        for (String name : workload.fileNames()) {
            Path arrived = there.remove(name);
            if (arrived == null) {
                throw new ContestantFailedException(name + " did not arrive");
            }
            Path sent = workload.directory().resolve(name);
            if (Files.size(arrived) != workload.bytesEach() || byContent && Files.mismatch(sent, arrived) != -1) {
                throw new ContestantFailedException(name + " is not what was sent");
            }
        }
        if (!there.isEmpty()) {
            throw new ContestantFailedException("more arrived than was sent: " + there.keySet());
        }
    }

    private List<Path> files(boolean alsoStaged) throws IOException {
        try (var all = Files.walk(directory, alsoStaged ? Integer.MAX_VALUE : 1)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
