package io.waybill.runtime.config;

import static io.waybill.runtime.config.ConfigFixture.ACME;
import static io.waybill.runtime.config.ConfigFixture.CLUSTER;
import static io.waybill.runtime.config.ConfigFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets come by reference and never come out in a text. */
final class SecretTest {
    @Test
    void shouldNotBeInAnyTextOfTheConfiguration() {
        WaybillConfig config = ConfigFixture.read(
                """
                kafka: { bootstrap.servers: "a:1", ssl.key.password: env:ACME }
                schema.registry.url: http://r
                basic.auth.user.info: env:ACME
                s3: { accessKey: env:ACME, secretKey: env:ACME }
                """
                        + ACME);

        assertThat(config.kafka()).containsEntry("ssl.key.password", "hunter2");
        assertThat(config.serde()).containsEntry("basic.auth.user.info", "hunter2");
        assertThat(config.toString()).doesNotContain("hunter2").contains("acme");
        assertThat(config.s3().toString()).doesNotContain("hunter2").contains("(secret)");
        assertThat(ConfigFixture.acme(config).toString()).doesNotContain("hunter2").contains("(secret)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "envACME:hunter2", "FILE:hunter2", "[hunter2]", "{ a: hunter2 }"})
    void shouldNotBeTakenNorShownInPlainText(String secret) {
        assertThat(problems(CLUSTER + ACME.replace("env:ACME", "'" + secret + "'")))
                .hasSize(1)
                .first()
                .asString()
                .doesNotContain("hunter2")
                .isEqualTo("waybill.yaml:9:15: destinations.acme.password: a secret is given as file:PATH or env:NAME,"
                        + " never in plain text (the text found is not shown)");
        assertThat(problems(CLUSTER + ACME.replace("env:ACME", secret)))
                .noneMatch(problem -> problem.contains("hunter2"));
    }

    @Test
    void shouldNotBeShownWhenAnOverrideHoldsItInPlainText() {
        var overrides =
                new Overrides(Map.of(), Map.of("ACME", "x", "WAYBILL_DESTINATIONS_ACME_PASSWORD", "hunter2"));

        assertThat(problems(CLUSTER + ACME, overrides))
                .hasSize(1)
                .noneMatch(problem -> problem.contains("hunter2"))
                .allMatch(problem -> problem.startsWith("environment variable WAYBILL_DESTINATIONS_ACME_PASSWORD: "));
    }

    @Test
    void shouldSayWhichReferenceLeadsNowhere() {
        assertThat(problems(CLUSTER + ACME, Overrides.NONE))
                .containsExactly("waybill.yaml:9:15: destinations.acme.password: the secret's environment variable is"
                        + " not set: ACME");
        assertThat(problems(CLUSTER + ACME.replace("env:ACME", "file:/no/such"), Overrides.NONE))
                .containsExactly("waybill.yaml:9:15: destinations.acme.password: the secret's file cannot be read:"
                        + " /no/such");
    }

    @ParameterizedTest
    @CsvSource({
            "'hunter2\n', hunter2",
            "'hunter2\r\n', hunter2",
            "'hunter2', hunter2",
            "'hunter2 ', 'hunter2 '",
            "'two\nlines\n', 'two\nlines'",
            "'hunter2\n\n', 'hunter2\n'"
    })
    void shouldDropOneLineBreakAtTheEndOfItsFile(String content, String secret, @TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), content);

        assertThat(Secret.resolve("file:" + file, Map.of()).reveal()).isEqualTo(secret);
    }

    private static final String JAAS = "org.example.Login required username=\"w\" password=\"%s\";";

    private static String kafka(String setting, String value) {
        return "kafka: { bootstrap.servers: 'a:1', " + setting + ": '" + value + "' }\nschema.registry.url: http://r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ssl.keystore.password", "ssl.key.password", "ssl.truststore.password", "ssl.keystore.key",
                    "sasl.oauthbearer.client.credentials.client.secret"})
    void shouldBeAReferenceForKafkaToo(String setting) {
        assertThat(ConfigFixture.read(kafka(setting, "env:ACME")).kafka()).containsEntry(setting, "hunter2");
        assertThat(ConfigFixture.read(kafka(setting, "${dir:/run/secrets:kafka}")).kafka())
                .containsEntry(setting, "${dir:/run/secrets:kafka}");
        assertThat(problems(kafka(setting, "hunter2")))
                .singleElement()
                .asString()
                .startsWith("waybill.yaml:1:")
                .contains("kafka." + setting + ": a secret is given as file:PATH or env:NAME")
                .doesNotContain("hunter2");
    }

    @Test
    void shouldNotStandInTheLoginModuleOfKafka() {
        String setting = "sasl.jaas.config";

        assertThat(problems(kafka(setting, JAAS.formatted("hunter2"))))
                .singleElement()
                .asString()
                .contains("file:PATH or env:NAME")
                .doesNotContain("hunter2");
        assertThat(ConfigFixture.read(kafka(setting, JAAS.formatted("${env:X}"))).kafka()).containsKey(setting);
        assertThat(ConfigFixture.read(kafka(setting, "org.example.IamLogin required;")).kafka()).containsKey(setting);
        var environment = Map.of("WAYBILL_KAFKA_SASL_JAAS_CONFIG", JAAS.formatted("hunter2"));
        assertThat(ConfigFixture.read(ConfigFixture.CLUSTER, Map.of(), environment).kafka())
                .containsEntry(setting, JAAS.formatted("hunter2"));
    }

    @Test
    void shouldNotBeEmpty(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "\n");

        assertThat(problems(CLUSTER + ACME, new Overrides(Map.of(), Map.of("ACME", ""))))
                .containsExactly("waybill.yaml:9:15: destinations.acme.password: the secret's environment variable is"
                        + " empty: ACME");
        assertThat(problems(CLUSTER + ACME.replace("env:ACME", "file:" + file)))
                .containsExactly("waybill.yaml:9:15: destinations.acme.password: the secret's file is empty: " + file);
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, true", "rw-r-----, true", "rw-------, false", "r--------, false"})
    void shouldBeWarnedOfWhenOthersCanReadItsFile(String permissions, boolean warned, @TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "hunter2");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        String password = CLUSTER + ACME.replace("env:ACME", "file:" + file);
        String key = CLUSTER + ACME.replace("password: env:ACME", "privateKeyFile: " + file);

        for (String yaml : List.of(password, key)) {
            assertThat(ConfigFixture.read(yaml).warnings())
                    .hasSize(warned ? 1 : 0)
                    .allSatisfy(warning -> assertThat(warning.text()).contains(permissions, "chmod 600 " + file));
        }
    }

    /** As Kubernetes mounts a secret for a process that is not root: of root, and of a group that the process is in. */
    @ParameterizedTest
    @CsvSource({
            "r--r-----, root, waybill, true",
            "rw-r-----, root, waybill, true",
            "r--r--r--, root, waybill, false",
            "rw-rw----, root, waybill, false",
            "r--r-----, waybill, waybill, false",
            "r--r-----, root, root, false",
            "rw-------, waybill, waybill, true"
    })
    void shouldTakeAFileThatTheAdministratorGivesToTheGroup(
            String permissions, String owner, String user, boolean tight) {
        assertThat(Secret.isTight(PosixFilePermissions.fromString(permissions), owner, user)).isEqualTo(tight);
    }
}
