package io.waybill.devstack.servers;

import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An Apicurio schema registry in its own JVM. It speaks Confluent's API.
 *
 * <p>Its database is a file in the data directory, and each commit writes through to the disk. So the registry never
 * gives a schema id to a second schema, whatever is killed at whatever time. Its output goes to {@code registry.log} in
 * the same directory. The child process ends when this process ends, however that ends.
 *
 * <p>One thread starts and closes it.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    /** Longer than a machine that is busy with other things keeps one process from all work. */
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(60);

    /** The longest start, even if the registry still works; no machine is that slow. */
    private static final Duration START_LIMIT = Duration.ofMinutes(15);

    /** Confluent's name for: every version reads what every other version wrote. */
    private static final String COMPATIBILITY = "FULL_TRANSITIVE";

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);
    private static final String CHILD_CLASS = RegistryProcess.class.getName().replace('.', '/') + ".class";

    private final Path appDir;
    private final Path dataDir;
    private final int wantedPort;
    private final ProcessClock clock;
    private volatile @Nullable Process child;
    private int port;

    /**
     * @param appDir  the unpacked registry application, with its runner jar
     * @param dataDir holds the database and the log; the registry makes it if it does not exist
     * @param port    or 0 for a free one
     */
    public EmbeddedRegistry(Path appDir, Path dataDir, int port, ProcessClock clock) {
        this.appDir = Objects.requireNonNull(appDir, "appDir");
        this.dataDir = dataDir.toAbsolutePath().normalize();
        this.wantedPort = port;
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Returns when the registry answers. Waits for as long as the registry makes progress, which is as long as it uses
     * processor time.
     *
     * @throws IOException if it ends before that, or makes no progress for a minute; its log then says why
     */
    public void start() throws IOException, InterruptedException {
        var runner = runnerJar();
        Files.createDirectories(dataDir);
        port = Ports.resolve(wantedPort);
        var starting = new ProcessBuilder(command(runner, childClassPath()))
                .directory(dataDir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        child = starting;
        awaitAnswer(starting);
    }

    /** The address of Confluent's API, for {@code schema.registry.url}. Valid after the start. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
    }

    /** Asks the child to end by closing its input, and kills it after three seconds. Any thread; ends a start, too. */
    @Override
    public void close() throws IOException {
        var ending = child;
        child = null;
        if (ending == null) {
            return;
        }
        try {
            ending.getOutputStream().close();
            if (!ending.waitFor(CLOSE_LIMIT)) {
                ending.destroyForcibly();
            }
        } catch (InterruptedException hurried) {
            ending.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Path log() {
        return dataDir.resolve("registry.log");
    }

    private Path runnerJar() throws IOException {
        if (Files.isDirectory(appDir)) {
            try (var jars = Files.newDirectoryStream(appDir, "*-runner.jar")) {
                for (Path jar : jars) {
                    return jar.toAbsolutePath();
                }
            }
        }
        throw new IOException(
                "no schema registry application in " + appDir.toAbsolutePath() + "; the build unpacks it");
    }

    /**
     * The child gets one class of ours in a separate folder, so that no library of ours meets one of the registry's.
     */
    private Path childClassPath() throws IOException {
        var folder = dataDir.resolve("boot");
        var target = folder.resolve(CHILD_CLASS);
        Files.createDirectories(target.getParent());
        try (var compiled = RegistryProcess.class.getResourceAsStream("/" + CHILD_CLASS)) {
            Files.copy(
                    Objects.requireNonNull(compiled, CHILD_CLASS), target, StandardCopyOption.REPLACE_EXISTING);
        }
        return folder;
    }

    private List<String> command(Path runner, Path ownClasses) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Without -Xms it would begin with all of its heap on a machine with much memory.
        command.addAll(List.of("-Xms48m", "-Xmx256m", "-XX:MinHeapFreeRatio=20", "-XX:MaxHeapFreeRatio=40"));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        command.add("-Dquarkus.http.host=127.0.0.1");
        command.add("-Dquarkus.http.port=" + port);
        // Without a delay of zero, H2 keeps the commits of the last half second in memory.
        command.add("-Dquarkus.datasource.jdbc.url=jdbc:h2:file:" + dataDir.resolve("registry") + ";WRITE_DELAY=0");
        command.add("-Dquarkus.datasource.jdbc.min-size=1");
        command.add("-Dquarkus.datasource.jdbc.initial-size=1");
        // Five seconds otherwise: beside twenty busy processes the registry would end while its database opens.
        command.add("-Dquarkus.datasource.jdbc.acquisition-timeout=" + START_LIMIT);
        command.add("-Dquarkus.banner.enabled=false");
        command.addAll(List.of("-cp", runner + System.getProperty("path.separator") + ownClasses));
        command.add(RegistryProcess.class.getName());
        command.add(dataDir.resolve("registry.lock").toString());
        return command;
    }

    private void awaitAnswer(Process starting) throws IOException, InterruptedException {
        var patience = new StartPatience(IDLE_LIMIT, START_LIMIT, clock);
        try (var http = HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build()) {
            while (!starting.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                if (answers(http) && isHeldToCompatibility(http)) {
                    return;
                }
                Optional<String> fault = patience.fault(starting.info().totalCpuDuration().orElse(Duration.ZERO));
                if (fault.isPresent()) {
                    close();
                    throw new IOException("the schema registry does not answer: " + fault.get() + "; see " + log());
                }
            }
        }
        throw new IOException("the schema registry ended with status " + starting.exitValue() + "; see " + log());
    }

    private boolean answers(HttpClient http) throws InterruptedException {
        try {
            return http.send(request("/subjects").build(), BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private boolean isHeldToCompatibility(HttpClient http) throws IOException, InterruptedException {
        try {
            requireCompatibility(http);
            return true;
        } catch (HttpTimeoutException busy) {
            return false; // the machine has other things to do; the registry is asked again as long as it works
        }
    }

    /** Sets the rule that the documents ask for, so that a trial meets it as production does. Keeps another rule. */
    private void requireCompatibility(HttpClient http) throws IOException, InterruptedException {
        String rule = http.send(request("/config").build(), BodyHandlers.ofString()).body();
        if (!rule.contains("\"NONE\"")) {
            return;
        }
        var change = request("/config")
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .PUT(BodyPublishers.ofString("{\"compatibility\": \"" + COMPATIBILITY + "\"}"))
                .build();
        var answer = http.send(change, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("the schema registry does not take the compatibility " + COMPATIBILITY + ": status "
                    + answer.statusCode() + ", " + answer.body());
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path)).timeout(ANSWER_LIMIT);
    }
}
