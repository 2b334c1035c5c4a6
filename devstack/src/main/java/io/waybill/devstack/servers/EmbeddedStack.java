package io.waybill.devstack.servers;

import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Kafka, S3, SFTP and schema registry, which start together over one data directory.
 *
 * <p>The store starts when Kafka has its topics, because the store announces objects there. The others start in
 * parallel. If one fails, all are closed. One thread starts and closes the stack.
 */
public final class EmbeddedStack implements AutoCloseable {
    private static final Duration REGISTRY_PORT_LIMIT = Duration.ofSeconds(3);
    private static final String REGISTRY = "schema registry";
    private static final String SFTP = "SFTP";
    private static final String KAFKA = "Kafka";
    private static final String S3 = "S3";

    private final StackSettings settings;
    private final TopicPreparation topics;
    private final StackListener listener;
    private final ProcessClock clock;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private @Nullable StackEndpoints endpoints;

    /**
     * @param topics must create the notifications topic of the settings, and may create other topics
     */
    public EmbeddedStack(StackSettings settings, TopicPreparation topics, ProcessClock clock) {
        this(settings, topics, StackListener.NONE, clock);
    }

    /** The same, and reports the start to a listener. */
    public EmbeddedStack(
            StackSettings settings, TopicPreparation topics, StackListener listener, ProcessClock clock) {
        this.listener = Objects.requireNonNull(listener, "listener");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.topics = Objects.requireNonNull(topics, "topics");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Returns when all four serve.
     *
     * @throws PortBusyException      before anything is started
     * @throws DataDirectoryException before anything is started
     * @throws IOException            if a part does not start; the others are closed again
     */
    public StackEndpoints start() throws IOException, InterruptedException {
        var data = new DataDirectory(settings.dataDir());
        data.open();
        keep(data);
        try {
            requireFreePorts();
            var started = startIn(data);
            endpoints = started;
            return started;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            closeAfter(failed);
            throw failed;
        }
    }

    /** The buckets that a stack over this directory has, also before it starts: at least the one of its own. */
    public static Set<String> buckets(Path dataDir) throws IOException {
        var buckets = new TreeSet<String>(Set.of(EmbeddedS3.BUCKET));
        Path folder = new DataDirectory(dataDir).s3();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
                entries.forEach(bucket -> buckets.add(bucket.getFileName().toString()));
            }
        }
        return buckets;
    }

    /** Valid after the start. */
    public StackEndpoints endpoints() {
        return Objects.requireNonNull(endpoints, "not started");
    }

    /**
     * Closes all parts. The part that was started last is closed first. Each part has its own limit, of ten seconds at
     * most.
     */
    @Override
    public void close() throws IOException {
        endpoints = null;
        var failure = closeAll();
        if (failure != null) {
            throw new IOException("the embedded stack did not close cleanly", failure);
        }
    }

    private StackEndpoints startIn(DataDirectory data) throws IOException, InterruptedException {
        // The parts are registered before they start, in the order in which they may use each other. Closing a part
        // that never started does nothing.
        var registry = keep(
                new EmbeddedRegistry(settings.registryApp(), data.registry(), settings.registryPort(), clock));
        var sftp = keep(new EmbeddedSftp(
                data.sftpRoot(), data.sftpHostKey(), data.sftpClientKey(), settings.sftpPort(), data.space()));
        var kafka = keep(new EmbeddedKafka(data.kafka(), settings.kafkaPort(), settings.flushEveryMessage()));
        var notifications =
                keep(new KafkaNotifications(kafka::bootstrapServers, settings.notificationsTopic()));
        var s3 = keep(new EmbeddedS3(data.s3(), settings.s3Port(), notifications, clock, data.space()));
        List.of(REGISTRY, SFTP, KAFKA, S3).forEach(listener::starting);
        // A registry that nobody needs any more ends its start; the others end theirs soon by themselves.
        allAtOnce(
                registry::close,
                () -> {
                    registry.start();
                    listener.serving(REGISTRY, registry.url().toString());
                },
                () -> {
                    sftp.start();
                    listener.serving(SFTP, "127.0.0.1:" + sftp.port());
                },
                () -> {
                    kafka.start();
                    topics.prepare(kafka.bootstrapServers());
                    listener.serving(KAFKA, kafka.bootstrapServers());
                    notifications.start();
                    s3.start();
                    listener.serving(S3, s3.endpoint().toString());
                });
        return new StackEndpoints(
                kafka.bootstrapServers(),
                registry.url(),
                s3.endpoint(),
                sftp.port(),
                sftp.hostKeyFingerprint(),
                data.sftpClientKey(),
                data.sftpRoot());
    }

    private void requireFreePorts() throws InterruptedException {
        requireFree(settings.kafkaPort(), "Kafka", "--kafka-port");
        requireFree(settings.s3Port(), "S3", "--s3-port");
        requireFree(settings.sftpPort(), "SFTP", "--sftp-port");
        // The registry of a killed stack lives a moment longer than the stack.
        Ports.awaitFree(settings.registryPort(), REGISTRY_PORT_LIMIT, clock);
        requireFree(settings.registryPort(), "the schema registry", "--registry-port");
    }

    private static void requireFree(int port, String purpose, String flag) {
        if (port != 0 && !Ports.isFree(port)) {
            throw new PortBusyException(port, purpose, flag);
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    private interface Step {
        void run() throws Exception;
    }

    /**
     * Runs the steps in parallel and returns when all have ended. Then throws the first failure, if any.
     *
     * @param abandon runs after the first failure, so that the others need not be awaited for long
     */
    private static void allAtOnce(Step abandon, Step... steps) throws IOException, InterruptedException {
        @Nullable Throwable first = null;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ExecutorCompletionService<@Nullable Void>(threads);
            for (Step step : steps) {
                var _ = running.submit(() -> {
                    step.run();
                    return null;
                });
            }
            for (int ended = 0; ended < steps.length; ended++) {
                @Nullable Throwable failure = awaitNext(running, threads);
                if (failure != null && first == null) {
                    first = failure;
                    abandon.run();
                }
            }
        } catch (IOException | InterruptedException | RuntimeException as) {
            throw as;
        } catch (Exception broken) {
            throw new IOException("the embedded stack did not start: " + broken, broken);
        }
        if (first != null) {
            throw new IOException("the embedded stack did not start: " + first, first);
        }
    }

    private static @Nullable Throwable awaitNext(
            ExecutorCompletionService<@Nullable Void> running, ExecutorService threads) throws InterruptedException {
        try {
            running.take().get();
            return null;
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (InterruptedException stopped) {
            threads.shutdownNow();
            throw stopped;
        }
    }

    private @Nullable Exception closeAll() {
        Exception first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failed) { // whatever one part throws, the others must be closed
                if (first == null) {
                    first = failed;
                } else {
                    first.addSuppressed(failed);
                }
            }
        }
        return first;
    }

    private void closeAfter(Exception failed) {
        var further = closeAll();
        if (further != null) {
            failed.addSuppressed(further);
        }
    }
}
