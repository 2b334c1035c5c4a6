package io.waybill.worker.delivery;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A directory on another file system than the test's own, which links lead to: mounting one needs rights that tests lack. */
final class AnotherFileSystem {
    private static final Path MEMORY = Path.of("/dev/shm");

    private AnotherFileSystem() {}

    /** A new directory on another file system than this one; without one, the test is skipped. */
    static Path directoryFor(Path here) throws IOException {
        boolean another = Files.isWritable(MEMORY)
                && !Files.getFileStore(MEMORY).equals(Files.getFileStore(here));
        assumeThat(another).as(MEMORY + " is another file system").isTrue();
        return Files.createTempDirectory(MEMORY, "waybill");
    }

    static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
