package io.waybill.testkit.npm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The programs and types of {@code build-support/npm}, which {@code build-support/npm-tools} installs once. */
public final class NpmTools {
    private static final Path SCRIPT = Path.of("..", "build-support", "npm-tools");
    private static final int NOT_HERE = 77;

    /** Installs them when somebody asks first; a failure is not tried again. */
    private static final class Installed {
        private static final Optional<Path> DIRECTORY = install();
    }

    private NpmTools() {}

    /** The directory with {@code bin} and {@code node_modules}; empty without npm. */
    public static Optional<Path> directory() {
        return Installed.DIRECTORY;
    }

    private static Optional<Path> install() {
        var said = new StringBuilder();
        int code = run(List.of(SCRIPT.toString()), said);
        if (code == NOT_HERE) {
            return Optional.empty();
        }
        if (code != 0) {
            throw new IllegalStateException(SCRIPT + " failed: " + said);
        }
        return Optional.of(Path.of(said.toString().strip()));
    }

    private static int run(List<String> command, StringBuilder said) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            said.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    /** What {@code kubectl kustomize} makes of a directory. */
    public static String kustomize(Path directory) {
        Path kubectl = directory().orElseThrow().resolve("bin").resolve("kubectl");
        var said = new StringBuilder();
        if (run(List.of(kubectl.toString(), "kustomize", directory.toString()), said) != 0) {
            throw new IllegalStateException("cannot render " + directory + ": " + said);
        }
        return said.toString();
    }
}
