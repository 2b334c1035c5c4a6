package io.waybill.e2e.cluster;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.devstack.servers.EmbeddedRegistry;
import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.e2e.CommandRun;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.testkit.FaultInjectingProxy;
import io.waybill.testkit.OpenSshServer;
import io.waybill.testkit.brokers.BrokerCluster;
import io.waybill.testkit.kube.KubeStandIn;
import io.waybill.testkit.kube.MachineImage;
import io.waybill.testkit.kube.UnpackedImage;
import io.waybill.testkit.kube.pod.Image;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Brokers, registry, S3 and a partner's OpenSSH server on this machine, and the services as pods. Small files go to the
 * destination {@code small}, large ones over a slower line, whose bytes are counted, to {@code large}.
 */
@SuppressWarnings("try") // close() throws what the parts throw, an interruption too
final class PodStack implements AutoCloseable {
    static final String WORKER = "waybill-transfer-worker";
    static final String API = "waybill-state-processor";
    private static final String API_SERVICE = "waybill-api";

    private static final String SECRETS = "/etc/waybill-secrets";
    private static final String TOKEN = "only-for-this-test-admin";
    private static final Pattern RESUMED = Pattern.compile("\"fileId\":\"([^\"]+)\"");
    private static final Duration START_LIMIT = Duration.ofMinutes(4);

    private final Closing closing = new Closing();
    private final Queue<Supplier<CompletableFuture<?>>> held = new ConcurrentLinkedQueue<>();
    private volatile boolean holding;
    private final Path directory;
    private final BrokerCluster brokers;
    private final EmbeddedRegistry registry;
    private final EmbeddedS3 s3;
    private final OpenSshServer sftp;
    private final FaultInjectingProxy line;
    private final KubeStandIn kube;
    private final WaybillConfig config;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** One with three brokers. */
    PodStack(Path directory, Duration autoscaling) throws Exception {
        this(directory, Stream.of("node-1", "node-2", "node-3").map(directory::resolve).toList(), autoscaling);
    }

    /**
     * Starts the servers, and no pod.
     *
     * @param nodes       the directories of Kafka's nodes, one or three
     * @param autoscaling how often the autoscaler looks
     */
    PodStack(Path directory, List<Path> nodes, Duration autoscaling) throws Exception {
        this.directory = directory;
        boolean complete = false;
        try {
            brokers = closing.add(BrokerCluster.start(nodes, Map.of()));
            // The build of the launcher unpacks it.
            registry = closing.add(new EmbeddedRegistry(
                    Path.of("..", "devstack", "target", "app", "registry"),
                    directory.resolve("registry"),
                    0,
                    ProcessClock.system()));
            registry.start();
            sftp = closing.add(OpenSshServer.start(directory.resolve("ssh")));
            Files.createDirectories(sftp.files().resolve("small"));
            Files.createDirectories(sftp.files().resolve("large"));
            line = closing.add(FaultInjectingProxy.to(sftp.port()));
            var notifications = closing.add(notifications());
            s3 = closing.add(new EmbeddedS3(
                    directory.resolve("s3"), 0, (key, json) -> notified(() -> notify(notifications, key, json)),
                    ProcessClock.system()));
            s3.start();
            config = WaybillConfig.load(outsideFile(nodes.size()), Overrides.NONE, Services.sections());
            createTopics();
            kube = closing.add(new KubeStandIn(new KubeStandIn.Settings(
                    directory.resolve("kube"),
                    image(),
                    Map.of(),
                    brokers.bootstrapServers(),
                    List.of("WAYBILL_HTTP_HOST"),
                    autoscaling)));
            complete = true;
        } finally {
            if (!complete) {
                closing.close();
            }
        }
    }

    /** The product's own if the build left one, else this machine's Java and our jars. */
    private Image image() throws IOException {
        String built = System.getProperty("waybill.image", "");
        if (!built.isEmpty()) {
            return UnpackedImage.read(Path.of(built));
        }
        return MachineImage.in(
                directory.resolve("image"),
                Map.of("/opt/waybill", Path.of("..", "launcher", "target", "app")),
                List.of(
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        "/opt/waybill/lib/*",
                        "io.waybill.launcher.Main"));
    }

    private KafkaProducer<String, String> notifications() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", brokers.bootstrapServers(),
                        "acks", "all",
                        "delivery.timeout.ms", Integer.MAX_VALUE,
                        "enable.metrics.push", false),
                new StringSerializer(),
                new StringSerializer());
    }

    private CompletableFuture<?> notified(Supplier<CompletableFuture<?>> notification) {
        if (holding) {
            held.add(notification);
            return CompletableFuture.completedFuture(true);
        }
        return notification.get();
    }

    /** From now on no notification is sent, as if the bucket were late, until {@link #goOn()}. */
    void hold() {
        holding = true;
    }

    /** Sends later notifications at once, and still not those that were held back. */
    void goOn() {
        holding = false;
    }

    /** Sends the notifications that were held back. */
    void release() {
        for (var next = held.poll(); next != null; next = held.poll()) {
            next.get().join();
        }
    }

    private static CompletableFuture<?> notify(KafkaProducer<String, String> producer, String key, String json) {
        var done = new CompletableFuture<Object>();
        var _ = producer.send(new ProducerRecord<>("waybill.s3-notifications", key, json), (written, failure) -> {
            if (failure == null) {
                done.complete(written);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private Map<String, String> secrets() throws IOException {
        return Map.of(
                "peer", "only-for-this-test-the-same-for-all",
                "token-admin", TOKEN,
                "s3-access", EmbeddedS3.ACCESS_KEY,
                "s3-secret", EmbeddedS3.SECRET_KEY,
                "sftp-key", Files.readString(sftp.userKey()));
    }

    /** What an installation adds to the configuration that the manifests bring. */
    private String configuration(int nodes) {
        // So many lanes that each partition of work has some. A partition without lag gets no worker of KEDA.
        return """
                kafka: { bootstrap.servers: "%s", enable.metrics.push: false }
                schema.registry.url: %s
                topics: { filePartitions: 3, workPartitions: 6, replication: %d }
                s3: { endpoint: "%s", accessKey: "file:%s/s3-access", secretKey: "file:%s/s3-secret" }
                destinations:
                %s    maxConnections: 24
                %s    maxConnections: 2
                    maxBytesPerSecond: 40000000
                routes:
                  small:
                    source: { bucket: inbox, prefix: small/ }
                    deliver: { destination: small, path: "/{relative}" }
                    retry: { maxAttempts: 100000, backoff: 200ms, maxBackoff: 2s }
                  large:
                    source: { bucket: inbox, prefix: large/ }
                    deliver: { destination: large, path: "/{relative}" }
                    retry: { maxAttempts: 100000, backoff: 200ms, maxBackoff: 2s }
                """.formatted(
                brokers.bootstrapServers(),
                registry.url(),
                nodes,
                s3.endpoint(),
                SECRETS,
                SECRETS,
                destination("small", sftp.port()),
                destination("large", line.port()));
    }

    private String destination(String name, int port) {
        return sftp.destination()
                .through(port)
                .below(sftp.files().resolve(name))
                .yaml(name)
                .replace(sftp.userKey().toString(), SECRETS + "/sftp-key");
    }

    /** The same configuration for what runs outside of pods. */
    private Path outsideFile(int nodes) throws IOException {
        Path secrets = Files.createDirectories(directory.resolve("secrets"));
        for (var secret : secrets().entrySet()) {
            Files.writeString(secrets.resolve(secret.getKey()), secret.getValue());
        }
        return Files.writeString(
                outside(), configuration(nodes).replace(SECRETS, secrets.toString()));
    }

    /** The configuration of what runs outside of pods. */
    Path outside() {
        return directory.resolve("outside.yaml");
    }

    private void createTopics() {
        await("the topics").atMost(START_LIMIT).untilAsserted(() -> {
            var made = CommandRun.of(List.of("topics", "--config", outside().toString()));
            assertThat(made.exitCode()).as(made.out() + made.err()).isZero();
        });
    }

    /**
     * Applies the manifests that are shipped; returns when all pods are ready.
     *
     * @param components of {@code deploy/k8s/components}
     */
    void start(String... components) throws IOException {
        var all = new ArrayList<>(List.of("kafka-without-login"));
        all.addAll(List.of(components));
        kube.apply(DeployedManifests.render(
                directory.resolve("overlay"),
                Map.of("20-installation.yaml", configuration(brokers.nodes().size())),
                secrets(),
                all));
        awaitSettled();
    }

    /** Returns when every pod is as it should be. */
    void awaitSettled() {
        await("all pods to be ready").atMost(START_LIMIT).until(kube::isSettled);
    }

    KubeStandIn kube() {
        return kube;
    }

    BrokerCluster brokers() {
        return brokers;
    }

    WaybillConfig config() {
        return config;
    }

    /** Bytes of large files, and what it takes to send them. */
    long bytesOfLargeFiles() {
        return line.bytesToServer();
    }

    /** Each file whose upload a worker took up where another life of a worker left it, as often as that happened. */
    List<String> resumed() throws IOException {
        var resumed = new ArrayList<String>();
        try (var logs = Files.newDirectoryStream(directory.resolve("kube"), WORKER + "-*.log")) {
            for (Path log : logs) {
                Files.readAllLines(log).forEach(line -> {
                    var id = RESUMED.matcher(line);
                    if (line.contains("An upload is resumed") && id.find()) {
                        resumed.add(id.group(1));
                    }
                });
            }
        }
        return resumed;
    }

    Path delivered(String destination) {
        return sftp.files().resolve(destination);
    }

    /** Whether the API answers a question that only the table can answer. */
    boolean answers() throws InterruptedException {
        try {
            URI address = kube.resolve(URI.create("http://" + API_SERVICE + ":8080/v1/files?limit=1"));
            return http.send(HttpRequest.newBuilder(address)
                    .header("Authorization", "Bearer " + TOKEN)
                    .timeout(Duration.ofSeconds(2))
                    .build(),
                    BodyHandlers.discarding())
                    .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws Exception {
        http.shutdownNow();
        closing.close();
    }
}
