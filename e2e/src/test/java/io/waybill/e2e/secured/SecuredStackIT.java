package io.waybill.e2e.secured;

import static io.waybill.e2e.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waybill.devstack.demo.Demo;
import io.waybill.devstack.demo.DemoReport;
import io.waybill.e2e.deploy.RequiresPrograms;
import io.waybill.e2e.secured.SecuredStack.Said;
import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.WaybillConfig;
import io.waybill.runtime.time.ProcessClock;
import io.waybill.runtime.tls.TlsContexts;
import io.waybill.runtime.topic.Topics;
import io.waybill.runtime.wire.DomainSerdes;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.testkit.RequiresOpenSsl;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole product with TLS, logins and access lists; one stack for all tests, because it takes most of a minute. */
@RequiresOpenSsl
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SecuredStackIT {
    /** The broker calls it an error that it refuses a right. */
    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.named("kafka.server.KafkaApis", "kafka.server.ControllerApis");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FILES = 40;
    /** Services that read records of a topic in a group. */
    private static final int GROUPS = Services.ALL.size();

    @TempDir
    private static Path directory;

    private static SecuredStack stack;
    private static LogSearch logs;

    @BeforeAll
    static void start() throws Exception {
        logs = LogSearch.begin();
        stack = new SecuredStack(directory);
        for (String service : Services.names()) {
            stack.file(SecuredStack.PREFIX + service);
        }
        stack.secrets().forEach(logs::lookFor);
        stack.start();
    }

    @AfterAll
    static void stop() throws Exception {
        stack.close();
        logs.close();
    }

    private static String file(String user) throws IOException {
        return stack.file(user).toString();
    }

    @Test
    @Order(1)
    void shouldDeliverWhatTheDemoDelivers() throws Exception {
        Path files = Files.createDirectories(directory.resolve("files/below"));
        var random = new Random(42);
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[i == 0 ? 5_000_000 : random.nextInt(20_000)];
            random.nextBytes(content);
            Files.write(files.resolve(i + " ümläut+%25.bin"), content);
        }
        WaybillConfig config = stack.config(SecuredListeners.ADMIN);
        var faults = new ArrayList<String>();
        DemoReport report;
        try (var serdes = DomainSerdes.from(config.serde())) {
            report = new Demo(
                    config,
                    Topics.from(config.topics(), serdes),
                    config.routes().values().iterator().next(),
                    ProcessClock.system())
                    .run(files.getParent(), directory.resolve("none"), Duration.ofMinutes(3), faults::add);
        }
        assertThat(faults).isEmpty();
        assertThat(report.good()).as(report.toString()).isTrue();
        assertThat(report.delivered()).isEqualTo(FILES);
    }

    @Test
    @Order(2)
    void shouldAnswerCommandsOverTls() throws Exception {
        Said files = stack.run("files", "--config", file(SecuredListeners.ADMIN), "--limit", "100", "--json");
        assertThat(files.code()).as(files.text()).isZero();
        assertThat(files.text()).contains("COMPLETED");
        // It needs rights to ask for the positions of all services, and to read ledgers and dead letters.
        JsonNode status = JSON.readTree(
                stack.run("status", "--config", file(SecuredListeners.ADMIN), "--json").text());
        assertThat(status.path("lag")).hasSize(GROUPS);
        assertThat(status.path("held").isArray()).isTrue();
        assertThat(status.path("letters").path("complete").asBoolean()).isTrue();
    }

    /** Each of two has a part of the table, and asks the other one for the rest. */
    @Test
    @Order(2)
    void shouldLetInstancesAskEachOtherOverTls() throws Exception {
        for (String instance : List.of("state-processor", SecuredStack.SECOND)) {
            Said files = stack.run(
                    "files", "--api", stack.api(instance).toString(), "--ca",
                    stack.certificates().authority().toString(),
                    "--token", SecuredStack.TOKEN, "--client-certificate",
                    stack.certificates().certificate().toString(), "--client-key",
                    stack.certificates().key().toString(), "--limit", "100", "--json");
            assertThat(files.code()).as(files.text()).isZero();
            assertThat(files.text().split("\"COMPLETED\"", -1)).hasSize(FILES + 1);
        }
    }

    @Test
    @Order(3)
    void shouldSayWhoseCertificateACommandDoesNotTrust() throws Exception {
        Said said = stack.run("files", "--api", stack.api("state-processor").toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.text()).contains("no TLS with the HTTP API", "--ca FILE", "for 'localhost'");
    }

    @Test
    @Order(3)
    void shouldRefuseACallerWithoutACertificateExceptForItsHealth() throws Exception {
        String api = stack.api("state-processor").toString();
        Said without = stack.run(
                "files", "--api", api, "--ca", stack.certificates().authority().toString(), "--token",
                SecuredStack.TOKEN);
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.text()).contains("wants a certificate of its callers", "--client-certificate");

        Said with = stack.run(
                "files", "--api", api, "--ca", stack.certificates().authority().toString(), "--token",
                SecuredStack.TOKEN, "--client-certificate", stack.certificates().certificate().toString(),
                "--client-key", stack.certificates().key().toString());
        assertThat(with.code()).as(with.text()).isZero();

        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").statusCode()).isEqualTo(403);
        assertThat(get("/v1/status").statusCode()).isEqualTo(403);
    }

    @Test
    @Order(3)
    void shouldRefuseACertificateOfAnotherAuthority() throws Exception {
        Certificates others = Certificates.make(directory.resolve("others"));
        var files = new WaybillConfig.TlsFiles(
                others.certificate(), others.key(), Optional.empty(), Optional.empty());
        try (var http = HttpClient.newBuilder()
                .sslContext(TlsContexts.client(Optional.of(files), Optional.of(stack.certificates().authority())))
                .build()) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> http.send(
                    HttpRequest.newBuilder(stack.api("state-processor").resolve("/healthz")).build(),
                    BodyHandlers.discarding()));
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return get(Optional.empty(), path);
    }

    private static HttpResponse<String> get(Optional<Certificates> shown, String path) throws Exception {
        var identity = shown.map(files -> new WaybillConfig.TlsFiles(
                files.certificate(), files.key(), Optional.empty(), Optional.empty()));
        try (var http = HttpClient.newBuilder()
                .sslContext(TlsContexts.client(identity, Optional.of(stack.certificates().authority())))
                .build()) {
            return http.send(
                    HttpRequest.newBuilder(stack.api("state-processor").resolve(path)).build(),
                    BodyHandlers.ofString());
        }
    }

    @Test
    @Order(3)
    void shouldSpeakNoPlainHttp() {
        var plain = "http" + stack.api("state-processor").toString().substring("https".length());
        assertThat(stack.run("files", "--api", plain).code()).isEqualTo(1);
    }

    @Test
    @Order(3)
    void shouldSayForWhichServiceAUserIsGood() throws Exception {
        for (String service : Services.names()) {
            Said said = stack.run("check", "--config", file(SecuredStack.PREFIX + service), "--service", service);
            assertThat(said.code()).as(said.text()).isZero();
            assertThat(said.text()).contains("rights in Kafka: the user may run " + service, "ok    schema registry");
        }
    }

    @Test
    @Order(3)
    void shouldSayWhichRightsAreMissing() throws Exception {
        Said other = stack.run(
                "check", "--config", file(SecuredStack.PREFIX + "timeout-monitor"), "--service", "transfer-worker");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.text())
                .contains("For transfer-worker it lacks READ, DELETE, DESCRIBE_CONFIGS of topic waybill.transfer-work;")
                .contains("READ of group waybill.transfer-worker", "'./waybill topics --acls'");

        Said nobody = stack.run("check", "--config", file("nobody"));
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.text()).contains("FAULT rights in Kafka: the user may run no service");

        Said topics = stack.run("topics", "--config", file("nobody"));
        assertThat(topics.code()).isEqualTo(1);
        assertThat(topics.text()).contains("the brokers refuse the Kafka user the operation DESCRIBE");

        Said run = stack.run("run", "transfer-worker", "--config", file("nobody"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.text()).contains("topic waybill.transfer-work the brokers refuse the Kafka user");
    }

    @Test
    @Order(3)
    void shouldLogInWithACertificateInPlaceOfAPassword() throws Exception {
        Said said = stack.run(
                "check", "--config", file(SecuredListeners.ADMIN),
                "--set", "kafka.bootstrap.servers=" + stack.certificateListener(),
                "--set", "kafka.security.protocol=SSL",
                "--set", "kafka.ssl.keystore.type=PEM",
                "--set", "kafka.ssl.keystore.location=" + stack.certificates().keyAndCertificate());

        assertThat(said.text())
                .contains("ok    kafka " + stack.certificateListener())
                // It is another user, CN=waybill-1, to whom nobody gave anything.
                .contains("FAULT rights in Kafka: the user may run no service");
    }

    @Test
    @Order(3)
    void shouldShowNoPasswordThatIsWrong() throws Exception {
        String wrong = "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"admin\""
                + " password=\"hunter2-wrong\";";
        Path jaas = Files.writeString(directory.resolve("wrong"), wrong);
        Said said = stack.run(
                "check", "--config", file(SecuredListeners.ADMIN), "--debug",
                "--set", "kafka.sasl.jaas.config=file:" + jaas);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.text()).contains("FAULT kafka", "Authentication failed").doesNotContain("hunter2");

        Said run = stack.run(
                "run", "transfer-worker", "--config", file(SecuredListeners.ADMIN),
                "--set", "kafka.sasl.jaas.config=file:" + jaas);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.text().lines().toList().getLast())
                .contains("the brokers refuse the login", "correct kafka.sasl.jaas.config")
                .doesNotContain("hunter2");
    }

    @Test
    @Order(3)
    void shouldSayThatTheRegistryRefusesThePassword() throws Exception {
        Path login = Files.writeString(directory.resolve("registry-wrong"), "waybill:hunter3-wrong");
        String set = "basic.auth.user.info=file:" + login;

        Said run = stack.run(
                "run", "transfer-worker", "--config", file(SecuredStack.PREFIX + "transfer-worker"), "--set", set);
        assertThat(run.code()).as(run.text()).isEqualTo(2);
        assertThat(run.text().lines().toList().getLast())
                .contains("schema registry https://localhost:", "refuses the login", "correct basic.auth.user.info")
                .doesNotContain("hunter3");

        Said check = stack.run("check", "--config", file(SecuredListeners.ADMIN), "--set", set);
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.text().lines().filter(line -> line.startsWith("FAULT")))
                .singleElement().asString().contains("schema registry", "correct basic.auth.user.info");
    }

    @ParameterizedTest
    @CsvSource({"s3.secretKey,SignatureDoesNotMatch", "s3.accessKey,InvalidAccessKeyId"})
    @Order(3)
    void shouldSayThatTheStoreRefusesTheKey(String key, String code) throws Exception {
        String set = key + "=file:" + Files.writeString(directory.resolve("s3-wrong"), "hunter4-wrong");

        for (String service : List.of("transfer-worker", "ingest-service")) {
            Said run = stack.run("run", service, "--config", file(SecuredStack.PREFIX + service), "--set", set);
            assertThat(run.code()).as(run.text()).isEqualTo(2);
            assertThat(run.text().lines().toList().getLast())
                    .contains("bucket inbox is refused", code, "correct s3.accessKey and s3.secretKey")
                    .doesNotContain("hunter4");
        }

        Said check = stack.run("check", "--config", file(SecuredListeners.ADMIN), "--set", set);
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.text().lines().filter(line -> line.startsWith("FAULT")))
                .singleElement().asString()
                .contains("bucket inbox", "403", "are the credentials valid")
                .doesNotContain("hunter4");
    }

    @Test
    @Order(3)
    void shouldSayThatTheCertificateOfTheBrokerHasExpired() throws Exception {
        Said run = stack.run(
                "run", "transfer-worker", "--config", file(SecuredStack.PREFIX + "transfer-worker"),
                "--set", "kafka.bootstrap.servers=" + stack.expiredListener(),
                "--set", "kafka.security.protocol=SSL");

        assertThat(run.code()).as(run.text()).isEqualTo(2);
        assertThat(run.text().lines().toList().getLast())
                .contains("no TLS with the brokers", "NotAfter", "renew the brokers' certificate");
    }

    /** Who changes this table gives a service more or less, and says so in the CHANGELOG. */
    @Test
    @Order(4)
    void shouldRefuseEachServiceWhatIsNotItsOwn() throws Exception {
        assertThat(RightsTable.of(stack)).isEqualToNormalizingNewlines(RightsTable.approved());
    }

    @Test
    @Order(5)
    @RequiresPrograms("prometheus")
    void shouldShowEveryMetricThatAnAlertNames() throws Exception {
        stack.writeBadEvents();
        try (var rules = new ScrapedRules(directory.resolve("prometheus"), stack)) {
            await("each process is read, and each rule computed").until(rules::computed);
            assertThat(rules.alerts()).hasSizeGreaterThan(10);
            await("all but one are there").untilAsserted(
                    () -> assertThat(rules.missing()).containsExactly(ScrapedRules.NOBODYS));
        }
    }

    @Test
    @Order(6)
    void shouldShowNoSecret() throws Exception {
        Said metrics = new Said(0, get(Optional.of(stack.certificates()), "/metrics").body());
        Said check = stack.run("check", "--config", file(SecuredListeners.ADMIN), "--debug");
        Said unknown = new Said(0, get(Optional.of(stack.certificates()), "/v1/files/unknown").body());

        assertThat(stack.secrets()).hasSizeGreaterThan(Services.names().size());
        assertThat(stack.secrets()).allSatisfy(secret -> assertThat(
                stack.said() + metrics.text() + check.text() + unknown.text()).doesNotContain(secret));
        assertThat(logs.found()).isEmpty();
        assertThat(logs.searched()).as("lines of logs").isGreaterThan(1_000);
    }
}
