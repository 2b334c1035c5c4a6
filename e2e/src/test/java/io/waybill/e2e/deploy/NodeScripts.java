package io.waybill.e2e.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scripts for Node and the packages that they need. They run from a copy, so that nothing is installed among the sources. */
final class NodeScripts {
    private static final String LOCK_FILE = "package-lock.json";
    private static final String INSTALLED = "node_modules/.package-lock.json";

    private final Path directory;

    private NodeScripts(Path directory) {
        this.directory = directory;
    }

    /**
     * Copies the scripts and installs the packages that their lock file names.
     *
     * @param sources  the directory with the scripts, package.json and package-lock.json
     * @param copy     where they go; what is installed there is used again
     * @return nothing if there is no Node, or no registry that answers
     */
    static Optional<NodeScripts> installed(Path sources, Path copy) {
        if (!Programs.areHere("node", "npm")) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(copy);
            // Test classes share the copy, and some run at the same time.
            try (var file = FileChannel.open(
                    copy.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = file.lock()) {
                return install(sources, copy) ? Optional.of(new NodeScripts(copy)) : Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + sources, e);
        }
    }

    private static boolean install(Path sources, Path copy) throws IOException {
        Path lockFile = copy.resolve(LOCK_FILE);
        boolean here = Files.exists(copy.resolve(INSTALLED)) && Files.exists(lockFile)
                && Files.mismatch(lockFile, sources.resolve(LOCK_FILE)) < 0;
        try (var files = Files.newDirectoryStream(sources, "*.{mjs,json}")) {
            for (Path file : files) {
                Files.copy(file, copy.resolve(sources.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return here || run(copy, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")).code() == 0;
    }

    /** Runs a script to its end in the directory of the test. */
    Result run(String script, List<String> arguments) {
        var command = new ArrayList<>(List.of("node", directory.resolve(script).toString()));
        command.addAll(arguments);
        return run(Path.of(""), command);
    }

    private static Result run(Path directory, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    /**
     * What a script said.
     *
     * @param code   its exit code
     * @param output all that it printed
     */
    record Result(int code, String output) {}
}
