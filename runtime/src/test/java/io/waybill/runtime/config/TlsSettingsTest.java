package io.waybill.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.waybill.runtime.pem.TestAuthority;
import io.waybill.runtime.time.ProcessClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section {@code http.tls}: what is not good is one fault, with its place. */
final class TlsSettingsTest {
    private static final String REST = """
            kafka: { bootstrap.servers: "broker:9092" }
            schema.registry.url: http://registry:8081
            """;

    @TempDir
    private Path directory;

    private final TestAuthority authority = new TestAuthority("authority");

    @BeforeEach
    void write() throws IOException {
        authority.issue("waybill-1").writeTo(directory, "good");
        authority.issue("waybill-2").writeTo(directory, "other");
        authority.issue("old", Instant.EPOCH, Instant.parse("2001-01-01T00:00:00Z")).writeTo(directory, "old");
        Files.writeString(directory.resolve("ca.pem"), authority.pem());
        for (String key : List.of("good", "other", "old")) {
            Files.setPosixFilePermissions(
                    directory.resolve(key + ".key"), PosixFilePermissions.fromString("rw-------"));
        }
    }

    private WaybillConfig read(String http) {
        String yaml = REST + http.replace("DIR", directory.toString());
        return WaybillConfig.parse("waybill.yaml", yaml, new Overrides(Map.of(), Map.of()), List.of());
    }

    private void assertFault(String http, String fault) {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> read(http))
                .satisfies(e -> assertThat(e.problems()).singleElement().asString()
                        .startsWith(fault.replace("DIR", directory.toString())));
    }

    @Test
    void shouldHaveNoTlsUnlessThereIsACertificate() {
        assertThat(read("").http().scheme()).isEqualTo("http");
        assertThat(read("http: { tls: { ca: DIR/ca.pem } }\n").http().scheme()).isEqualTo("http");
    }

    @Test
    void shouldReadFilesThatAreGood() {
        WaybillConfig config =
                read("http: { advertised: \"localhost:8443\", tls: { certificate: DIR/good.pem, privateKey:"
                        + " \"file:DIR/good.key\", clientCa: DIR/ca.pem, ca: DIR/ca.pem } }\n");

        assertThat(config.http().scheme()).isEqualTo("https");
        assertThat(config.http().tls().ca()).contains(directory.resolve("ca.pem"));
        assertThat(config.http().tls().server()).contains(new WaybillConfig.TlsFiles(
                directory.resolve("good.pem"),
                directory.resolve("good.key"),
                Optional.empty(),
                Optional.of(directory.resolve("ca.pem"))));
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void shouldNameTheKeyAndThePlaceOfAFault() {
        assertFault("http:\n  tls:\n    certificate: DIR/good.pem\n    privateKey: file:DIR/other.key\n",
                "waybill.yaml:5:18: http.tls.certificate: the certificate 'CN=waybill-1' does not belong to the private");
        assertFault("http:\n  tls:\n    certificate: DIR/old.pem\n    privateKey: file:DIR/old.key\n",
                "waybill.yaml:5:18: http.tls.certificate: the certificate 'CN=old' expired at 2001-01-01T00:00:00Z");
        assertFault("http:\n  tls:\n    certificate: DIR/none.pem\n    privateKey: file:DIR/good.key\n",
                "waybill.yaml:5:18: http.tls.certificate: there is no file DIR/none.pem");
        assertFault("http:\n  tls:\n    certificate: DIR/good.pem\n    privateKey: file:DIR/good.pem\n",
                "waybill.yaml:6:17: http.tls.privateKey: DIR/good.pem has no private key");
        assertFault("http:\n  tls:\n    certificate: DIR/good.pem\n",
                "waybill.yaml:5:5: http.tls.privateKey: is missing beside the certificate");
        assertFault("http:\n  tls:\n    clientCa: DIR/ca.pem\n",
                "waybill.yaml:5:15: http.tls.clientCa: has no effect without a certificate");
        assertFault("http:\n  tls:\n    ca: DIR/good.key\n",
                "waybill.yaml:5:9: http.tls.ca: DIR/good.key has no certificate");
    }

    @Test
    void shouldNotShowAKeyThatStandsInTheFile() {
        assertThatExceptionOfType(BadConfigurationException.class)
                .isThrownBy(() -> read(
                        "http: { tls: { certificate: DIR/good.pem, privateKey: \"-----BEGIN hunter2\" } }\n"))
                .satisfies(e -> assertThat(e.problems()).singleElement().asString()
                        .contains("http.tls.privateKey: expected file:PATH").doesNotContain("hunter2"));
    }

    @Test
    void shouldWarnIfTheCertificateIsNotForTheNameThatOthersCall() {
        assertThat(read("http: { advertised: \"other.example:8443\", tls: { certificate: DIR/good.pem, privateKey:"
                + " \"file:DIR/good.key\" } }\n").warnings()).singleElement().satisfies(warning -> {
                    assertThat(warning.key()).isEqualTo("http.tls.certificate");
                    assertThat(warning.text()).contains("is not for 'other.example'", "subjectAltName");
                });
    }

    @Test
    void shouldWarnBeforeACertificateExpires() throws IOException {
        Instant soon = ProcessClock.system().instant().plus(Duration.ofDays(3));
        authority.issue("soon", Instant.EPOCH, soon).writeTo(directory, "good");

        assertThat(read("http: { tls: { certificate: DIR/good.pem, privateKey: \"file:DIR/good.key\" } }\n").warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.text()).contains("expires at ", "; replace it before"));
    }

    @Test
    void shouldWarnIfOthersCanReadTheKey() throws IOException {
        Files.setPosixFilePermissions(directory.resolve("good.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(read("http: { tls: { certificate: DIR/good.pem, privateKey: \"file:DIR/good.key\" } }\n").warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning.text()).contains("chmod 600"));
    }
}
