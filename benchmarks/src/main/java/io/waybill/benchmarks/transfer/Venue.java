package io.waybill.benchmarks.transfer;

import io.waybill.benchmarks.Trees;
import io.waybill.benchmarks.transfer.Resident.Shape;
import io.waybill.store.ObjectStore;
import io.waybill.testkit.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that races take place in, all on this machine: one OpenSSH server, an S3 store, the engine in a JVM of its
 * own, and the files, in memory where the system has a file system for that.
 */
final class Venue implements AutoCloseable {
    /** The only one that the server offers, so that everybody has the same. */
    static final String CIPHER = "aes128-gcm@openssh.com";
    /** Of the JVM that holds the engine. */
    static final String ENGINE_HEAP = "-Xmx512m";

    private static final String CAMEL = "waybill.bench.camel";
    private static final String CAMEL_MAIN = "io.waybill.benchmarks.camel.CamelDaemon";
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path scratch;
    private final OpenSshServer server;
    private final List<Contestant> programs;
    private final Set<String> stored = new HashSet<>();
    private @Nullable Daemon engine;
    private @Nullable Daemon store;
    private @Nullable Daemon camel;
    private String storeAddress = "";

    private Venue(Path scratch, OpenSshServer server, List<Contestant> programs) {
        this.scratch = scratch;
        this.server = server;
        this.programs = programs;
    }

    static Venue open() throws IOException {
        Path scratch = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "waybill-bench")
                : Files.createTempDirectory("waybill-bench");
        try {
            OpenSshServer server =
                    OpenSshServer.start(scratch.resolve("ssh"), Set.of(), "Ciphers " + CIPHER, "MaxStartups 1000");
            // Whoever interrupts a run leaves no server behind, and no gigabytes in memory.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> clearAway(server, scratch)));
            return new Venue(scratch, server, new Programs(scratch, LIMIT).installed());
        } catch (IOException | RuntimeException e) {
            Trees.delete(scratch);
            throw e;
        }
    }

    private static void clearAway(OpenSshServer server, Path scratch) {
        server.close();
        try {
            if (Files.exists(scratch)) {
                Trees.delete(scratch);
            }
        } catch (IOException e) {
            System.err.println("not cleared away: " + scratch + ": " + e.getMessage());
        }
    }

    Path scratch() {
        return scratch;
    }

    OpenSshServer server() {
        return server;
    }

    /** The server without any network before it. */
    Endpoint near() {
        return Endpoint.of(server, server.port());
    }

    Optional<Contestant> program(String name) {
        return programs.stream().filter(program -> program.name().equals(name)).findFirst();
    }

    Workload workload(String name, int files, long bytesEach) throws IOException {
        return Workload.make(Files.createDirectories(scratch.resolve("sent")), name, files, bytesEach);
    }

    /** The engine, reading files as the commands do. */
    Contestant engine(int connections, int inFlight) throws IOException {
        return engine("waybill", new Shape(connections, inFlight, ""), "files");
    }

    /** The engine, reading from the store, which has the workload from now on. */
    Contestant engineFromStore(Workload workload, int connections, int inFlight)
            throws IOException, InterruptedException {
        String address = store(workload);
        return engine("waybill-s3", new Shape(connections, inFlight, address), "an S3 store");
    }

    private Contestant engine(String name, Shape shape, String source) throws IOException {
        if (engine == null) {
            Daemon started = Daemon.start(
                    EngineDaemon.class, List.of(ENGINE_HEAP), List.of(), scratch.resolve("engine.log"));
            engine = started;
            var _ = started.answer();
        }
        return new Resident(
                name,
                "Waybill's engine in a warm JVM of %s, connected, %d connection(s) of %d files in flight, from %s"
                        .formatted(ENGINE_HEAP, shape.connections(), shape.inFlight(), source),
                engine,
                shape);
    }

    /**
     * Apache Camel, reading from the store, which has the workload from now on; nothing if ./bench did not say where it is.
     */
    Optional<Contestant> camel(Workload workload, int connections) throws IOException, InterruptedException {
        String classPath = System.getProperty(CAMEL);
        if (classPath == null) {
            System.out.println("*** NOT BUILT, SO NOT MEASURED: Apache Camel. There will be no figures of it. ***");
            return Optional.empty();
        }
        if (camel == null) {
            Daemon started = Daemon.start(
                    classPath, CAMEL_MAIN, List.of(ENGINE_HEAP), List.of(), scratch.resolve("camel.log"));
            camel = started;
            var _ = started.answer();
        }
        String version = classPath.replaceFirst(".*camel-api-([^/]*)\\.jar.*", "$1");
        return Optional.of(new Resident(
                "camel",
                "Apache Camel %s in a warm JVM of %s, aws2-s3 (getObject) to sftp, connected, %d route(s), each with a connection of its own, bulkRequests=128, from an S3 store"
                        .formatted(version, ENGINE_HEAP, connections),
                camel,
                new Shape(connections, 1, store(workload))));
    }

    /** Puts a workload into the store, unless it is there, and returns the store's address. */
    String store(Workload workload) throws IOException, InterruptedException {
        if (store == null) {
            Daemon started = Daemon.start(
                    StoreDaemon.class,
                    List.of(),
                    List.of(scratch.resolve("s3").toString()),
                    scratch.resolve("store.log"));
            store = started;
            storeAddress = started.answer();
        }
        if (stored.add(workload.name())) {
            try (var objects = ObjectStore.writer(StoreDaemon.settings(storeAddress))) {
                objects.makeBucket(workload.name());
                var _ = Puts.all(objects, workload);
            }
        }
        return storeAddress;
    }

    @Override
    public void close() throws IOException {
        for (@Nullable Daemon daemon : Arrays.asList(engine, camel, store)) {
            if (daemon != null) {
                daemon.close();
            }
        }
        server.close();
        Trees.delete(scratch);
    }
}
