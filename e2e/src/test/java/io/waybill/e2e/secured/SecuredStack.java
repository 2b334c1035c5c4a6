package io.waybill.e2e.secured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.devstack.servers.EmbeddedKafka;
import io.waybill.devstack.servers.EmbeddedRegistry;
import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.devstack.servers.EmbeddedSftp;
import io.waybill.domain.Attempt;
import io.waybill.domain.FileEvent;
import io.waybill.domain.FileId;
import io.waybill.domain.Stage;
import io.waybill.launcher.cli.CommandLineInterface;
import io.waybill.launcher.cli.rights.AclListing;
import io.waybill.launcher.environment.Interruption;
import io.waybill.launcher.environment.ProcessEnvironment;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.kafka.ClientSettings;
import io.waybill.runtime.pem.BadPemException;
import io.waybill.runtime.service.Closing;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.tls.TlsContexts;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.testkit.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * All servers with TLS and logins, the access lists that {@code waybill topics --acls} prints and no others, and each
 * service in a command of its own, with a user of its own.
 */
@SuppressWarnings("try") // close() throws what the servers throw, an interruption too
final class SecuredStack implements AutoCloseable {
    static final String PREFIX = "wb-";
    static final String STORE = "store";
    /** Runs {@code waybill topics}, with the rights that docs/tls.md names and no others, as the Job of deploy/k8s does. */
    private static final String TOPICS = "topics";
    /** Another instance of the state-processor. */
    static final String SECOND = "second";
    static final String TOKEN = "wbt_operators-token-0123456789";

    private static final String PEER_SECRET = "peer-secret-".repeat(4);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Closing closing = new Closing();
    private final Path directory;
    private final Certificates certificates;
    private final SecuredListeners listeners;
    private final EmbeddedKafka kafka;
    private final TlsRegistry registry;
    private final EmbeddedS3 s3;
    private final EmbeddedSftp sftp;
    /** Everything that a file of a secret holds. */
    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> ports = new HashMap<>();
    private final List<Running> running = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private @Nullable KafkaProducer<String, String> producer;

    private record Running(String instance, Interruption interruption, CompletableFuture<Integer> end) {}

    /** What a command said, and its exit code. */
    record Said(int code, String text) {}

    SecuredStack(Path directory) throws Exception {
        this.directory = directory;
        certificates = Certificates.make(directory.resolve("tls"));
        listeners = SecuredListeners.of(certificates, Stream.of(
                Stream.of(SecuredListeners.ADMIN, STORE, TOPICS, "nobody"),
                Services.names().stream().map(name -> PREFIX + name))
                .flatMap(names -> names)
                .toList());
        kafka = closing.add(new EmbeddedKafka(directory.resolve("kafka"), 0, false, listeners));
        var plain = closing.add(new EmbeddedRegistry(
                Path.of("..", "devstack", "target", "app", "registry"),
                directory.resolve("registry"),
                0,
                ProcessClock.system()));
        kafka.start();
        plain.start();
        registry = closing.add(new TlsRegistry(plain.url(), certificates));
        sftp = closing.add(new EmbeddedSftp(
                directory.resolve("sftp"), directory.resolve("host.key"), directory.resolve("client.key"), 0));
        sftp.start();
        for (String service : Services.names()) {
            ports.put(service, FreePort.find());
        }
        ports.put(SECOND, FreePort.find());
        s3 = closing.add(new EmbeddedS3(directory.resolve("s3"), 0, (key, json) -> notify(key, json),
                ProcessClock.system()));
    }

    /** The store's own producer, which may write notifications and nothing else. */
    private CompletableFuture<?> notify(String key, String json) {
        var done = new CompletableFuture<Object>();
        var _ = notifications().send(
                new ProducerRecord<>("waybill.s3-notifications", key, json),
                (written, failure) -> {
                    if (failure == null) {
                        done.complete(written);
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
        return done;
    }

    private synchronized KafkaProducer<String, String> notifications() {
        KafkaProducer<String, String> present = producer;
        if (present == null) {
            present = closing.add(new KafkaProducer<>(
                    new ClientSettings(clients(STORE)).producer(), new StringSerializer(), new StringSerializer()));
            producer = present;
        }
        return present;
    }

    /** The settings of a client that logs in with a password. */
    Map<String, String> clients(String user) {
        return Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "security.protocol", "SASL_SSL",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", certificates.authority().toString(),
                "sasl.mechanism", "SCRAM-SHA-512",
                "sasl.jaas.config", jaas(user));
    }

    private static String jaas(String user) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user
                + "\" password=\"" + SecuredListeners.password(user) + "\";";
    }

    Admin admin() {
        return Admin.create(Map.<String, Object>copyOf(clients(SecuredListeners.ADMIN)));
    }

    /** What the services printed. */
    String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    /** What nobody may see: what the files of secrets hold, the passwords in it, and the private key. */
    List<String> secrets() throws IOException {
        var all = new ArrayList<>(secrets);
        // The credentials of the embedded servers are well known, and words of these texts.
        all.removeAll(List.of(EmbeddedS3.ACCESS_KEY, EmbeddedS3.SECRET_KEY, EmbeddedSftp.PASSWORD));
        Services.names().forEach(name -> all.add(SecuredListeners.password(PREFIX + name)));
        all.add(SecuredListeners.password(SecuredListeners.ADMIN));
        all.add(Files.readAllLines(certificates.key()).get(1));
        return all;
    }

    Certificates certificates() {
        return certificates;
    }

    /** The address where clients show certificates. */
    String certificateListener() {
        return "127.0.0.1:" + listeners.certificatePort();
    }

    /** The address where the broker shows a certificate that has expired. */
    String expiredListener() {
        return "127.0.0.1:" + listeners.expiredPort();
    }

    /** Where files arrive. */
    Path delivered() {
        return directory.resolve("sftp");
    }

    /** All processes: the services, and {@link #SECOND}. */
    Set<String> instances() {
        return Set.copyOf(ports.keySet());
    }

    /** Writes events, as the administrator: one that is no record of Avro, and one that no file has. */
    void writeBadEvents() throws Exception {
        WaybillConfig config = config(SecuredListeners.ADMIN);
        try (var serdes = DomainSerdes.from(config.serde());
                var writer = new KafkaProducer<>(
                        new ClientSettings(config.kafka()).producer(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            var events = Topics.from(config.topics(), serdes).fileEvents();
            byte[] key = "unknown".getBytes(StandardCharsets.UTF_8);
            writer.send(new ProducerRecord<>(events.name(), key, key)).get(30, TimeUnit.SECONDS);
            var started = new FileEvent.Started(
                    new FileId("a".repeat(26)), Instant.EPOCH, Stage.DELIVERY, Attempt.FIRST, "nobody");
            writer.send(events.record(started.id(), started)).get(30, TimeUnit.SECONDS);
        }
    }

    /** @param instance a service, or {@link #SECOND} */
    URI api(String instance) {
        return URI.create("https://localhost:" + ports.get(instance));
    }

    WaybillConfig config(String user) throws IOException {
        return WaybillConfig.load(file(user), Overrides.NONE, Services.sections());
    }

    private Path secret(String name, String value) throws IOException {
        secrets.add(value);
        Path file = Files.createDirectories(directory.resolve("secrets")).resolve(name);
        return Files.exists(file) ? file : Files.writeString(file, value);
    }

    /** The configuration of a process, as docs/tls.md has it. */
    Path file(String user) throws IOException {
        String service = user.startsWith(PREFIX) ? user.substring(PREFIX.length()) : "state-processor";
        return Files.writeString(directory.resolve(user + ".yaml"), """
                kafka:
                  bootstrap.servers: "%s"
                  enable.metrics.push: false
                  security.protocol: SASL_SSL
                  ssl.truststore.type: PEM
                  ssl.truststore.location: %s
                  sasl.mechanism: SCRAM-SHA-512
                  sasl.jaas.config: file:%s
                schema.registry.url: %s
                schema.registry.ssl.truststore.type: PEM
                schema.registry.ssl.truststore.location: %s
                basic.auth.credentials.source: USER_INFO
                basic.auth.user.info: file:%s
                topics: { filePartitions: 2, workPartitions: 2, replication: 1 }
                s3: { endpoint: "%s", accessKey: file:%s, secretKey: file:%s }
                streams: { stateDirectory: %s, standbyReplicas: 0 }
                http:
                  port: %d
                  advertised: localhost
                  auth: tokens
                  peerSecret: file:%s
                  tokens: { operator: { secret: file:%s, role: admin } }
                  tls: { certificate: %s, privateKey: file:%s, clientCa: %s, ca: %s }
                token: file:%s
                destinations:
                  partner: { host: 127.0.0.1, port: %d, user: %s, password: file:%s, hostKeys: ["%s"] }
                routes:
                  inbox:
                    source: { bucket: inbox }
                    deliver: { destination: partner, path: "/{key}", createDirectories: true }
                # Nobody answers there, and everything else goes on.
                sources: { absent: { type: sqs, queue: "http://127.0.0.1:1/000000000000/absent" } }
                """.formatted(
                kafka.bootstrapServers(),
                certificates.authority(),
                secret("jaas-" + user, jaas(user)),
                registry.url(),
                certificates.authority(),
                secret("registry", TlsRegistry.LOGIN),
                s3.endpoint(),
                secret("s3-access", EmbeddedS3.ACCESS_KEY),
                secret("s3-secret", EmbeddedS3.SECRET_KEY),
                directory.resolve("streams"),
                ports.get(service),
                secret("peer", PEER_SECRET),
                secret("token", TOKEN),
                certificates.certificate(),
                certificates.key(),
                certificates.authority(),
                certificates.authority(),
                secret("token", TOKEN),
                sftp.port(),
                EmbeddedSftp.USER,
                secret("sftp", EmbeddedSftp.PASSWORD),
                sftp.hostKeyFingerprint()));
    }

    /** Creates the topics and the access lists, starts the store and then all services; returns when all are ready. */
    void start() throws Exception {
        // The store needs its topic, and the file of the administrator the port of the store.
        s3.start();
        try (Admin admin = admin()) {
            admin.createAcls(PrintedAcls.read(List.of(
                    "--allow-principal User:" + TOPICS + " --operation Create --operation Describe"
                            + " --operation DescribeConfigs --topic waybill. --resource-pattern-type prefixed")))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            Said topics = run("topics", "--config", file(TOPICS).toString());
            assertThat(topics.code()).as(topics.text()).isZero();
            admin.createAcls(PrintedAcls.read(new AclListing(config(SecuredListeners.ADMIN), PREFIX).lines()))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            admin.createAcls(PrintedAcls.read(List.of(
                    "--allow-principal User:" + STORE + " --operation Write --topic waybill.s3-notifications")))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        for (String service : Services.names()) {
            start(service, service);
        }
        start("state-processor", SECOND, "--set", "streams.instanceId=" + SECOND, "--set",
                "http.port=" + ports.get(SECOND));
        // Whoever is ready has a partition.
        await().atMost(PATIENCE).until(() -> ports.keySet().stream().allMatch(this::isReady));
    }

    private void start(String service, String instance, String... more) throws IOException {
        var line = new ArrayList<>(List.of("run", service, "--config", file(PREFIX + service).toString()));
        line.addAll(List.of(more));
        var interruption = new Interruption();
        var end = new CompletableFuture<Integer>();
        running.add(new Running(instance, interruption, end));
        Thread.ofPlatform().name("run-" + instance).start(() -> end.complete(
                command(interruption, said, line.toArray(String[]::new))));
    }

    private boolean isReady(String instance) {
        running.stream().filter(one -> one.instance().equals(instance) && one.end().isDone()).findFirst()
                .ifPresent(_ -> {
                    throw new AssertionError(instance + " ended: " + said.toString(StandardCharsets.UTF_8));
                });
        try (var http = HttpClient.newBuilder().sslContext(TlsContexts.client(
                Optional.empty(), Optional.of(certificates.authority()))).build()) {
            return http
                    .send(HttpRequest.newBuilder(api(instance).resolve("/readyz")).build(), BodyHandlers.discarding())
                    .statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (BadPemException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command to its end. */
    Said run(String... line) {
        var text = new ByteArrayOutputStream();
        int code = command(new Interruption(), text, line);
        return new Said(code, text.toString(StandardCharsets.UTF_8));
    }

    private static int command(Interruption interruption, ByteArrayOutputStream text, String... line) {
        var out = new PrintStream(text, true, StandardCharsets.UTF_8);
        return new CommandLineInterface(new ProcessEnvironment(
                out, out, false, false, 200, Map.of(), Path.of(""), ProcessClock.system(), interruption))
                .run(line);
    }

    @Override
    public void close() throws Exception {
        running.forEach(one -> one.interruption().request());
        for (Running one : running) {
            one.end().get(60, TimeUnit.SECONDS);
        }
        closing.close();
    }
}
