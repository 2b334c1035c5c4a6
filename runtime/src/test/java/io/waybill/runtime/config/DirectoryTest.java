package io.waybill.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waybill.domain.DestinationName;
import io.waybill.domain.RouteName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration of several files. */
final class DirectoryTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void cluster() throws IOException {
        write("00-cluster.yaml", ConfigFixture.CLUSTER + "http: { port: 8081 }\n");
        write("acme.yaml", partner("acme", "invoices"));
    }

    private static String partner(String name, String route) {
        return """
                destinations:
                  %s:
                    host: sftp.%s.example
                    user: waybill
                    password: env:ACME
                    hostKeys: [%s]
                routes:
                  %s: { source: { bucket: outbound, prefix: %s/ }, deliver: { destination: %s, path: "/{name}" } }
                """.formatted(name, name, ConfigFixture.FINGERPRINT, route, name, name);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private WaybillConfig load() {
        return WaybillConfig.load(directory, ConfigFixture.ENVIRONMENT, List.of());
    }

    private List<String> problems() {
        BadConfigurationException refused = catchThrowableOfType(BadConfigurationException.class, this::load);
        return refused.problems().stream().map(problem -> problem.replace(directory + "/", "")).toList();
    }

    @Test
    void shouldReadAllFilesAsOne() throws IOException {
        write("beta.yaml", partner("beta", "orders") + "http: { hosts: [waybill.example] }\n");
        write("empty.yaml", "# nothing yet\ndestinations:\n");

        WaybillConfig config = load();

        assertThat(config.destinations().keySet())
                .containsExactly(new DestinationName("acme"), new DestinationName("beta"));
        assertThat(config.routes().keySet()).containsExactly(new RouteName("invoices"), new RouteName("orders"));
        assertThat(config.http().port()).isEqualTo(8081);
        assertThat(config.http().hosts()).containsExactly("waybill.example");
        assertThat(config.origin().orElseThrow().changed()).isFalse();
        write("empty.yaml", "");
        assertThat(config.origin().orElseThrow().changed()).isTrue();
    }

    @Test
    void shouldNameBothFilesThatHaveOneKey() throws IOException {
        write("beta.yaml", partner("beta", "invoices") + "http:\n  port: 8082\nschema.registry.url: http://other\n");

        assertThat(problems()).containsExactlyInAnyOrder(
                "beta.yaml:8:13: routes.invoices: is also at acme.yaml:8:13; give it in one file",
                "beta.yaml:10:9: http.port: is also at 00-cluster.yaml:5:15; give it in one file",
                "beta.yaml:11:22: schema.registry.url: is also at 00-cluster.yaml:3:22; give it in one file");
    }

    @Test
    void shouldWantAPartnerInOneFile() throws IOException {
        write("more.yaml", "destinations:\n  acme:\n    port: 2222\n");

        assertThat(problems())
                .containsExactly("more.yaml:3:5: destinations.acme: is also at acme.yaml:3:5; give it in one file");
    }

    @Test
    void shouldNameTheFileAndTheLineOfEachFault() throws IOException {
        write("beta.yaml", partner("beta", "orders").replace("user:", "usr:"));

        assertThat(problems()).containsExactlyInAnyOrder(
                "beta.yaml:3:5: destinations.beta.user: is missing",
                "beta.yaml:4:10: destinations.beta.usr: is not a known key; did you mean 'user'?");
    }

    @Test
    void shouldReportEveryFileThatIsNotYaml() throws IOException {
        write("beta.yaml", "a: [");
        write("gamma.yaml", "- a\n");

        assertThat(problems()).hasSize(2);
        assertThat(problems().getFirst()).startsWith("beta.yaml:").contains("this is not YAML");
        assertThat(problems().getLast()).isEqualTo("gamma.yaml:1:1: expected keys with values, found a list");
    }

    @Test
    void shouldNotLeaveAFileOutSilently() throws IOException {
        write("beta.yml", "");

        assertThat(problems())
                .containsExactly("beta.yml: is not read; only names that end with .yaml are");
    }

    @Test
    void shouldWantAFile(@TempDir Path empty) {
        BadConfigurationException refused = catchThrowableOfType(
                BadConfigurationException.class,
                () -> WaybillConfig.load(empty, ConfigFixture.ENVIRONMENT, List.of()));
        assertThat(refused.problems())
                .containsExactly(empty + ": there is no file in this directory whose name ends with .yaml");
    }
}
