package io.waybill.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user may get wrong with certificates and access lists. Nothing here needs a server. */
final class TlsOptionsTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(directory.resolve("waybill.yaml"), """
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                schema.registry.url: http://127.0.0.1:1
                topics: { prefix: test. }
                """);
    }

    private static final String API = "https://127.0.0.1:1";

    @Test
    void shouldSayWhichFileOfACertificateIsNotThere() {
        Screen option = new Screen(directory);
        assertThat(option.run("files", "--api", API, "--ca", "none.pem")).isEqualTo(2);
        assertThat(option.err()).contains("TLS: there is no file " + directory.resolve("none.pem"));

        Screen variable = new Screen(directory).with("WAYBILL_CA", "/nowhere/ca.pem");
        assertThat(variable.run("files", "--api", API)).isEqualTo(2);
        assertThat(variable.err()).contains("TLS: there is no file /nowhere/ca.pem");
    }

    @Test
    void shouldWantTheKeyBesideTheCertificate() {
        Screen screen = new Screen(directory).with("WAYBILL_CLIENT_KEY", "/nowhere/key");
        assertThat(screen.run("files", "--api", API)).isEqualTo(2);
        assertThat(screen.err()).contains("--client-certificate and --client-key belong together");
    }

    @Test
    void shouldAskForNoCertificateWithoutTls() {
        Screen screen = new Screen(directory).with("WAYBILL_CA", "/nowhere/ca.pem");
        assertThat(screen.run("files", "--api", "http://127.0.0.1:1")).isEqualTo(1);
        assertThat(screen.err()).contains("no connection to the HTTP API");
    }

    @Test
    void shouldPrintAccessListsWithoutABroker() throws IOException {
        Screen lines = new Screen(directory);
        assertThat(lines.run("topics", "--acls", "--principal-prefix", "mine-")).isZero();
        assertThat(lines.out().lines()).allMatch(line -> line.startsWith("--allow-principal User:mine-"))
                .anyMatch(line -> line.endsWith("--operation Read --group test.transfer-worker"));

        Screen json = new Screen(directory);
        assertThat(json.run("topics", "--acls", "--json")).isZero();
        JsonNode all = new ObjectMapper().readTree(json.out());
        assertThat(all).hasSize((int) lines.out().lines().count());
        assertThat(all.get(0).path("principal").asText()).isEqualTo("User:waybill-ingest-service");
    }

    @Test
    void shouldPrintTopicsAndUsersForStrimziWithoutABroker() throws IOException {
        Screen documents = new Screen(directory);
        assertThat(documents.run("topics", "--strimzi", "--cluster", "main", "--principal-prefix", "mine-")).isZero();
        assertThat(documents.out().lines()).contains("  name: test.transfer-work", "  name: mine-transfer-worker")
                .filteredOn(line -> line.contains("strimzi.io/cluster"))
                .allMatch("    strimzi.io/cluster: main"::equals);

        Screen json = new Screen(directory);
        assertThat(json.run("topics", "--strimzi", "--json")).isZero();
        assertThat(new ObjectMapper().readTree(json.out()))
                .hasSize((int) documents.out().lines().filter("---"::equals).count());
    }

    @Test
    void shouldReadAConfigurationWithoutConnections() throws IOException {
        Screen good = new Screen(directory);
        assertThat(good.run("check", "--offline")).isZero();
        assertThat(good.out()).contains("configuration").contains("waybill.yaml");

        Screen json = new Screen(directory);
        assertThat(json.run("check", "--offline", "--json")).isZero();
        assertThat(new ObjectMapper().readTree(json.out()).isArray()).isTrue();

        Files.writeString(directory.resolve("waybill.yaml"), "topics: { prefixx: test. }\n");
        Screen bad = new Screen(directory);
        assertThat(bad.run("check", "--offline")).isEqualTo(2);
        assertThat(bad.err()).contains("prefixx");
    }

    @Test
    void shouldRefuseOptionsThatHaveNoEffect() {
        Screen prefix = new Screen(directory);
        assertThat(prefix.run("topics", "--principal-prefix", "mine-")).isEqualTo(2);
        assertThat(prefix.err()).contains("--principal-prefix has no effect without --acls or --strimzi");

        Screen both = new Screen(directory);
        assertThat(both.run("topics", "--acls", "--check-only")).isEqualTo(2);
        assertThat(both.err()).contains("--acls checks nothing");

        Screen cluster = new Screen(directory);
        assertThat(cluster.run("topics", "--cluster", "main")).isEqualTo(2);
        assertThat(cluster.err()).contains("--cluster has no effect without --strimzi");

        Screen lists = new Screen(directory);
        assertThat(lists.run("topics", "--acls", "--strimzi")).isEqualTo(2);
        assertThat(lists.err()).contains("give one of them");

        Screen offline = new Screen(directory);
        assertThat(offline.run("check", "--offline", "--service", "transfer-worker")).isEqualTo(2);
        assertThat(offline.err()).contains("--offline reads one configuration");

        Screen service = new Screen(directory);
        assertThat(service.run("check", "--service", "transfer-wroker")).isEqualTo(2);
        assertThat(service.err()).contains("there is no service 'transfer-wroker'", "transfer-worker");
    }
}
