package io.waybill.e2e.crash;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * Starts JVMs that are killed often, and so have to start cheaply: with little compiling, and with their classes from an
 * archive that the first orderly end of such a process leaves behind. Such archives take classes from jars alone, so
 * directories are packed.
 */
record Jvm(Path logs, Path archives, String classPath) {
    /** As long as the process of the tests lives: what one test packed and archived, the next one starts with. */
    private static final Map<Path, String> PACKED = new ConcurrentHashMap<>();

    /**
     * @param logs where the processes say what they do
     */
    static Jvm in(Path logs) throws IOException {
        Path archives = Files.createDirectories(
                Path.of("target", "jvm", String.valueOf(ProcessHandle.current().pid())).toAbsolutePath());
        return new Jvm(logs, archives, PACKED.computeIfAbsent(archives, Jvm::packedClassPath));
    }

    private static String packedClassPath(Path directory) {
        try {
            return classPath(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String classPath(Path directory) throws IOException {
        var parts = new ArrayList<String>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(part);
            if (Files.isDirectory(path)) {
                parts.add(pack(path, directory.resolve("classes-" + parts.size() + ".jar")).toString());
            } else if (Files.exists(path)) {
                parts.add(part);
            }
        }
        return String.join(File.pathSeparator, parts);
    }

    private static Path pack(Path classes, Path jar) throws IOException {
        try (var files = Files.walk(classes);
                var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    /** Starts a class of the tests; its standard error is appended to a log beside. */
    Process start(String log, List<String> flags, Class<?> main, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        // Not the tests' own configuration, which is quieter.
        command.addAll(List.of("-Dlogback.configurationFile=logback.xml", "-Xlog:cds=off", "-Xlog:aot=off"));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log(log).toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + main, e);
        }
    }

    Path log(String name) {
        return logs.resolve(name + ".log");
    }

    /** Flags of a process that lives for seconds. */
    List<String> shortLived() {
        return List.of(
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + workerArchive());
    }

    private Path workerArchive() {
        return archives.resolve("worker.jsa");
    }

    /** Whether processes that live for seconds find their classes in an archive. */
    boolean isWarm() {
        return Files.exists(workerArchive());
    }

    /** Flags of a process that is started a few times, and lives for a minute or two: too short for much compiling. */
    List<String> longLived() {
        // The build of the launcher unpacks it; what is packed here does not find it by itself.
        Path registry = Path.of("..", "devstack", "target", "app", "registry").toAbsolutePath().normalize();
        return List.of(
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archives.resolve("stack.jsa"),
                "-Dwaybill.registry.app=" + registry);
    }
}
