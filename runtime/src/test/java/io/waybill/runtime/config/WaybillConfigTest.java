package io.waybill.runtime.config;

import static io.waybill.runtime.config.ConfigFixture.ACME;
import static io.waybill.runtime.config.ConfigFixture.CLUSTER;
import static io.waybill.runtime.config.ConfigFixture.FINGERPRINT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery;
import io.waybill.domain.DestinationName;
import io.waybill.domain.PathTemplate;
import io.waybill.domain.Proof;
import io.waybill.domain.RetryPolicy;
import io.waybill.domain.Route;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceFilter;
import io.waybill.domain.Timeouts;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.runtime.config.WaybillConfig.ShutdownSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a good configuration says, key by key. */
final class WaybillConfigTest {
    private static final DestinationName ACME_NAME = new DestinationName("acme");

    @Test
    void shouldReadTheExampleOfTheDesign(@TempDir Path directory) throws IOException {
        Path key = Files.writeString(directory.resolve("acme"), "a private key");

        WaybillConfig config = WaybillConfig.parse("waybill.yaml", designExample(key), Overrides.NONE, List.of());

        assertThat(config.kafka()).containsExactly(Map.entry("bootstrap.servers", "broker:9092"));
        assertThat(config.serde()).containsExactly(Map.entry("schema.registry.url", "http://registry:8081"));
        assertThat(config.s3().endpoint()).contains(URI.create("https://store.example"));
        DestinationConfig acme = ConfigFixture.acme(config);
        assertThat(acme.host()).isEqualTo("sftp.acme.example");
        assertThat(acme.user()).isEqualTo("waybill");
        assertThat(acme.privateKeyFile()).contains(key);
        assertThat(acme.hostKeys()).containsExactly(FINGERPRINT);
        assertThat(acme.maxConnections()).isEqualTo(4);
        assertThat(ConfigFixture.invoices(config))
                .isEqualTo(new Route(
                        new RouteName("invoices"),
                        new SourceFilter("outbound", "invoices/", ".csv"),
                        new Delivery(
                                ACME_NAME,
                                PathTemplate.parse("/incoming/{name}"),
                                ConflictPolicy.REPLACE,
                                Proof.SIZE,
                                false),
                        new RetryPolicy(8, Duration.ofSeconds(1), Duration.ofMinutes(10)),
                        new Timeouts(Duration.ofDays(7), Duration.ofDays(1)),
                        false,
                        Duration.ofDays(90)));
    }

    @Test
    void shouldDivideThePatienceAmongFilesServicesAndTheProcess() {
        ShutdownSettings usual = ConfigFixture.read(CLUSTER).shutdown();
        assertThat(usual.patience()).isEqualTo(Duration.ofSeconds(10));
        assertThat(usual.files()).isEqualTo(Duration.ofSeconds(3));
        assertThat(usual.services()).isEqualTo(Duration.ofSeconds(8));

        ShutdownSettings long45 = ConfigFixture.read(CLUSTER + "shutdown: { patience: 45s }").shutdown();
        assertThat(long45.files()).isEqualTo(Duration.ofSeconds(38));
        assertThat(long45.services()).isEqualTo(Duration.ofSeconds(43));
        assertThat(long45.requests()).isEqualTo(Duration.ofMillis(21_500));

        ShutdownSettings little = ConfigFixture.read(CLUSTER + "shutdown: { patience: 1s }").shutdown();
        assertThat(little.files()).isEqualTo(Duration.ofMillis(300));
        assertThat(little.services()).isEqualTo(Duration.ofMillis(800));
        assertThat(ConfigFixture.problems(CLUSTER + "shutdown: { patience: 0s }"))
                .singleElement().asString().startsWith("waybill.yaml:5:23: shutdown.patience: ");
    }

    @Test
    void shouldTryADeliveryForHoursUnlessTheRouteSaysOtherwise(@TempDir Path directory) throws IOException {
        String given = designExample(Files.writeString(directory.resolve("acme"), "a private key"));

        assertThat(retry(given.replace("maxAttempts: 8, ", ""))).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(retry(given)).isEqualTo(new RetryPolicy(8, 8, Duration.ofSeconds(1), Duration.ofMinutes(10)));
    }

    private static RetryPolicy retry(String yaml) {
        return ConfigFixture.invoices(WaybillConfig.parse("waybill.yaml", yaml, Overrides.NONE, List.of())).retry();
    }

    private static String designExample(Path key) {
        return """
                kafka:
                  bootstrap.servers: broker:9092        # everything under kafka.* passes through to the clients
                schema.registry.url: http://registry:8081
                s3:
                  endpoint: https://store.example
                destinations:
                  acme:
                    host: sftp.acme.example
                    user: waybill
                    privateKeyFile: %s
                    hostKeys: ["%s"]
                    maxConnections: 4
                routes:
                  invoices:
                    source: { bucket: outbound, prefix: invoices/, suffix: .csv }
                    deliver: { destination: acme, path: "/incoming/{name}", onConflict: replace, verify: size }
                    retry: { maxAttempts: 8, backoff: 1s, maxBackoff: 10m }
                    timeouts: { unclaimed: 7d, unfinished: 1d }
                    import: { required: false }
                """
                .formatted(key, FINGERPRINT);
    }

    @Test
    void shouldHaveADefaultForAllThatNeedNotBeSaid() {
        WaybillConfig config = ConfigFixture.read(CLUSTER + ACME
                + """
                routes:
                  invoices:
                    source: { bucket: outbound }
                    deliver: { destination: acme }
                """);

        assertThat(config.topics()).isEqualTo(new WaybillConfig.TopicSettings("waybill.", 12, 24, (short) 3));
        assertThat(config.s3())
                .isEqualTo(new WaybillConfig.S3Settings(
                        Optional.empty(), "us-east-1", false, Optional.empty(), Optional.empty()));
        assertThat(config.http()).isEqualTo(new WaybillConfig.HttpSettings("127.0.0.1", 8080));
        assertThat(config.streams())
                .isEqualTo(new WaybillConfig.StreamsSettings(
                        Path.of("data/streams"), "waybill-1", 1, 1, Duration.ofMillis(100)));
        assertThat(ConfigFixture.acme(config))
                .isEqualTo(new DestinationConfig(
                        ACME_NAME,
                        "sftp.acme.example",
                        22,
                        "waybill",
                        Optional.empty(),
                        Optional.of(Secret.of("hunter2")),
                        List.of(FINGERPRINT),
                        "/",
                        4,
                        8,
                        false,
                        Staging.DEFAULT,
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(60),
                        StandardCharsets.UTF_8,
                        UnknownOutcome.HOLD,
                        Duration.ofHours(12),
                        DestinationConfig.Flow.DEFAULT));
        assertThat(ConfigFixture.invoices(config))
                .isEqualTo(new Route(
                        new RouteName("invoices"),
                        new SourceFilter("outbound", "", ""),
                        new Delivery(
                                ACME_NAME, PathTemplate.parse("/{name}"), ConflictPolicy.REPLACE, Proof.SIZE, false),
                        RetryPolicy.DEFAULT,
                        Timeouts.DEFAULT,
                        false,
                        Duration.ofDays(90)));
    }

    @Test
    void shouldReadEveryKeyThatServicesShare() {
        WaybillConfig config = ConfigFixture.read(
                """
                kafka: { bootstrap.servers: "a:1,b:2", client.id: me, linger.ms: 5, enable.idempotence: true }
                schema.registry.url: http://r
                basic.auth.credentials.source: USER_INFO
                basic.auth.user.info: env:ACME
                auto.register.schemas: false
                schema.registry.ssl.truststore.location: /trust
                schema.registry.ssl.truststore.type: PKCS12
                schema.registry.ssl.truststore.password: env:ACME
                avro.serializer.class: a.Serializer
                avro.deserializer.class: a.Deserializer
                topics: { prefix: test., filePartitions: 1, workPartitions: 2, replication: 1 }
                s3: { endpoint: "http://s:9", region: eu, pathStyle: false, accessKey: env:ACME, secretKey: env:ACME }
                http: { host: 0.0.0.0, port: 0 }
                streams: { stateDirectory: /s, instanceId: i, standbyReplicas: 0, threads: 2, commitInterval: 1s }
                """);

        Secret secret = Secret.of("hunter2");
        assertThat(config.kafka())
                .containsOnly(
                        Map.entry("bootstrap.servers", "a:1,b:2"),
                        Map.entry("client.id", "me"),
                        Map.entry("linger.ms", "5"),
                        Map.entry("enable.idempotence", "true"));
        assertThat(config.serde())
                .containsOnly(
                        Map.entry("schema.registry.url", "http://r"),
                        Map.entry("basic.auth.credentials.source", "USER_INFO"),
                        Map.entry("basic.auth.user.info", "hunter2"),
                        Map.entry("auto.register.schemas", "false"),
                        Map.entry("schema.registry.ssl.truststore.location", "/trust"),
                        Map.entry("schema.registry.ssl.truststore.type", "PKCS12"),
                        Map.entry("schema.registry.ssl.truststore.password", "hunter2"),
                        Map.entry("avro.serializer.class", "a.Serializer"),
                        Map.entry("avro.deserializer.class", "a.Deserializer"));
        assertThat(config.topics()).isEqualTo(new WaybillConfig.TopicSettings("test.", 1, 2, (short) 1));
        assertThat(config.s3())
                .isEqualTo(new WaybillConfig.S3Settings(
                        Optional.of(URI.create("http://s:9")), "eu", false, Optional.of(secret), Optional.of(secret)));
        assertThat(config.http()).isEqualTo(new WaybillConfig.HttpSettings("0.0.0.0", 0));
        assertThat(config.streams())
                .isEqualTo(new WaybillConfig.StreamsSettings(Path.of("/s"), "i", 0, 2, Duration.ofSeconds(1)));
    }

    @Test
    void shouldReadEveryKeyOfDestinationsAndRoutes(@TempDir Path directory) throws IOException {
        Path key = Files.writeString(directory.resolve("key"), "a private key");

        WaybillConfig config = ConfigFixture.read(CLUSTER
                + """
                destinations:
                  acme:
                    host: h
                    port: 2022
                    user: u
                    privateKeyFile: %s
                    password: env:ACME
                    hostKeys: %s
                    root: /home/u
                    maxConnections: 9
                    inFlight: 3
                    ordering: fifo
                    staging: { suffix: .part }
                    connectTimeout: 1s
                    stallTimeout: 2s
                    idleTimeout: 3s
                    charset: ISO-8859-1
                    onUnknownOutcome: assume-delivered
                    evidenceWindow: 4h
                    channels: 2
                    connectionsPerFile: 3
                    maxBytesPerSecond: 1000000
                routes:
                  invoices:
                    source:
                      { bucket: b, prefix: p, suffix: s, minBytes: 1, events: [Put, CompleteMultipartUpload], settle: 10s,
                        unchanged: skip }
                    deliver:
                      { destination: acme, path: "/{key}", onConflict: keep-both, verify: readback, createDirectories: true,
                        fileMode: 0640, directoryMode: "750", preserveModified: true }
                    retry: { maxAttempts: 1, backoff: 2s, maxBackoff: 3s }
                    timeouts: { unclaimed: 4h, unfinished: 5m }
                    import: { required: true, heartbeat: 30s }
                    retention: 6d
                  drop:
                    source: { bucket: b }
                """
                        .formatted(key, FINGERPRINT));

        assertThat(ConfigFixture.acme(config))
                .isEqualTo(new DestinationConfig(
                        ACME_NAME,
                        "h",
                        2022,
                        "u",
                        Optional.of(key),
                        Optional.of(Secret.of("hunter2")),
                        List.of(FINGERPRINT),
                        "/home/u",
                        9,
                        3,
                        true,
                        new Staging(Staging.Kind.SUFFIX, ".part"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        StandardCharsets.ISO_8859_1,
                        UnknownOutcome.ASSUME_DELIVERED,
                        Duration.ofHours(4),
                        new DestinationConfig.Flow(2, 3, OptionalInt.of(1_000_000))));
        assertThat(config.routes().keySet()).extracting(RouteName::value).containsExactly("invoices", "drop");
        assertThat(ConfigFixture.invoices(config))
                .isEqualTo(new Route(
                        new RouteName("invoices"),
                        new SourceFilter(
                                "b",
                                "p",
                                "s",
                                1,
                                Set.of("Put", "CompleteMultipartUpload"),
                                Duration.ofSeconds(10),
                                SourceFilter.Unchanged.SKIP),
                        new Delivery(
                                ACME_NAME,
                                PathTemplate.parse("/{key}"),
                                ConflictPolicy.KEEP_BOTH,
                                Proof.READBACK,
                                true,
                                new Delivery.Attributes(OptionalInt.of(0640), OptionalInt.of(0750), true),
                                Delivery.Names.SAFE),
                        new RetryPolicy(1, Duration.ofSeconds(2), Duration.ofSeconds(3)),
                        new Timeouts(Duration.ofHours(4), Duration.ofMinutes(5), Duration.ofSeconds(30)),
                        true,
                        Duration.ofDays(6)));
    }

    @Test
    void shouldTakeARouteWithoutADeliveryForAHostedDrop() {
        Route drop = ConfigFixture.invoices(
                ConfigFixture.read(CLUSTER + "routes: { invoices: { source: { bucket: b } } }"));

        assertThat(drop.delivery()).isNull();
        assertThat(drop.importRequired()).isTrue();
    }

    @Test
    void shouldSendInOrderOverOneConnection() {
        DestinationConfig fifo =
                ConfigFixture.acme(ConfigFixture.read(CLUSTER + ACME.replace("#", "    ordering: fifo")));

        assertThat(fifo.lanes()).isEqualTo(1);
        assertThat(fifo.concurrencyPerLane()).isEqualTo(1);
    }

    @Test
    void shouldStayAsItWasRead() {
        WaybillConfig config = ConfigFixture.read(CLUSTER + ACME);

        assertThatThrownBy(() -> config.destinations().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> config.routes().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> config.kafka().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldBeReadFromAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("waybill.yaml"), CLUSTER);

        assertThat(WaybillConfig.load(file, Overrides.NONE, List.of()).routes()).isEmpty();
    }
}
