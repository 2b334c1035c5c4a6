package io.waybill.e2e.cluster;

import io.waybill.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** MirrorMaker 2 in a process of its own, with the settings of the guide. */
@SuppressWarnings("try") // closing may be interrupted, and says so
final class Mirror implements AutoCloseable {
    /** The build of e2e/mirror writes it. */
    private static final Path CLASS_PATH = Path.of("mirror", "target", "classpath");

    private static final Path GUIDE = Path.of("..", "docs", "operations", "disaster-recovery.md");

    private final Process process;

    private Mirror(Process process) {
        this.process = process;
    }

    /** Starts to copy from the cluster {@code first} to the cluster {@code second}. */
    static Mirror start(Path directory, String first, String second) throws IOException {
        Path settings = Files.writeString(directory.resolve("mirror.properties"), settings(first, second));
        Path log = directory.resolve("mirror.log");
        return new Mirror(new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", Files.readString(CLASS_PATH).strip(),
                "org.apache.kafka.connect.mirror.MirrorMaker", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    /** The guide's, with the brokers of the test, which are alone in their clusters. */
    private static String settings(String first, String second) throws IOException {
        String guide = Files.readString(GUIDE);
        int begin = guide.indexOf("```properties\n") + "```properties\n".length();
        Stream<String> ofGuide = guide.substring(begin, guide.indexOf("```", begin)).lines()
                .map(line -> line.replaceAll("(replication\\.factor) = 3", "$1 = 1"))
                .map(line -> line.startsWith("first.bootstrap.servers") ? "first.bootstrap.servers = " + first : line)
                .map(line -> line.startsWith("second.bootstrap.servers") ? "second.bootstrap.servers = " + second
                        : line);
        Stream<String> alone = Stream.of(
                "offset-syncs.topic", "heartbeats.topic", "checkpoints.topic", "offset.storage", "status.storage",
                "config.storage")
                .map(topic -> topic + ".replication.factor = 1");
        var listener = Stream.of("listeners = http://127.0.0.1:" + FreePort.find(), "");
        return Stream.of(ofGuide, alone, listener).flatMap(lines -> lines).collect(Collectors.joining("\n"));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
