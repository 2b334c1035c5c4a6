package io.waybill.runtime.config;

import static io.waybill.runtime.config.ConfigFixture.ACME;
import static io.waybill.runtime.config.ConfigFixture.CLUSTER;
import static io.waybill.runtime.config.ConfigFixture.problems;
import static io.waybill.runtime.config.ConfigFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.DestinationName;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Flags stand over environment variables, and these over the file. */
final class OverridesTest {
    private static final String FILE = CLUSTER + "http: { port: 1 }\n";

    @Test
    void shouldLetFlagsWinOverTheEnvironmentAndThatOverTheFile() {
        Map<String, String> flag = Map.of("http.port", "3");
        Map<String, String> variable = Map.of("WAYBILL_HTTP_PORT", "2");

        assertThat(read(FILE, Map.of(), Map.of()).http().port()).isEqualTo(1);
        assertThat(read(FILE, Map.of(), variable).http().port()).isEqualTo(2);
        assertThat(read(FILE, flag, variable).http().port()).isEqualTo(3);
        assertThat(read(CLUSTER, Map.of(), variable).http().port()).isEqualTo(2);
    }

    @Test
    void shouldReachKeysOfNamedSections() {
        WaybillConfig config = read(
                CLUSTER + ACME,
                Map.of("destinations.acme.hostKeys", ConfigFixture.FINGERPRINT + ", " + ConfigFixture.FINGERPRINT),
                Map.of("ACME", "x", "WAYBILL_DESTINATIONS_ACME_HOST", "other", "WAYBILL_DESTINATIONS_ACME_PORT", "23"));

        assertThat(ConfigFixture.acme(config).host()).isEqualTo("other");
        assertThat(ConfigFixture.acme(config).port()).isEqualTo(23);
        assertThat(ConfigFixture.acme(config).hostKeys()).hasSize(2);
    }

    @Test
    void shouldTakeCredentialsThatOnlyTheEnvironmentNames() {
        WaybillConfig config = read(
                CLUSTER + ACME.replace("    password: env:ACME\n", ""),
                Map.of(),
                Map.of("WAYBILL_DESTINATIONS_ACME_PASSWORD", "env:P", "P", "hunter2"));

        assertThat(ConfigFixture.acme(config).password()).contains(Secret.of("hunter2"));
    }

    @Test
    void shouldLetADeliveryStandWhollyAboveTheFile() {
        WaybillConfig config = read(
                CLUSTER + ACME + "routes: { invoices: { source: { bucket: b } } }",
                Map.of("routes.invoices.deliver.destination", "acme"),
                Map.of("ACME", "x"));

        var delivery = ConfigFixture.invoices(config).delivery();
        assertThat(delivery).isNotNull();
        assertThat(delivery.destination()).isEqualTo(new DestinationName("acme"));
        assertThat(ConfigFixture.invoices(config).importRequired()).isFalse();
    }

    @Test
    void shouldHandOnKafkaSettingsFromEverywhere() {
        WaybillConfig config = read(
                CLUSTER + "#",
                Map.of("kafka.client.id", "flag", "kafka.ssl.keystore.type", "PEM"),
                Map.of(
                        "WAYBILL_KAFKA_BOOTSTRAP_SERVERS", "other:9092",
                        "WAYBILL_KAFKA_CLIENT_ID", "environment",
                        "WAYBILL_KAFKA_MAX_POLL_RECORDS", "7",
                        "WAYBILL_KAFKAESQUE", "no"));

        assertThat(config.kafka())
                .containsOnly(
                        Map.entry("bootstrap.servers", "other:9092"),
                        Map.entry("client.id", "flag"),
                        Map.entry("ssl.keystore.type", "PEM"),
                        Map.entry("max.poll.records", "7"));
    }

    @Test
    void shouldRunWithoutAFileThatSaysAnything() {
        WaybillConfig config = read(
                "",
                Map.of("kafka.bootstrap.servers", "a:1"),
                Map.of("WAYBILL_SCHEMA_REGISTRY_URL", "http://registry"));

        assertThat(config.serde()).containsEntry("schema.registry.url", "http://registry");
    }

    @Test
    void shouldSayWhichOverrideIsWrong() {
        assertThat(problems(FILE, new Overrides(Map.of(), Map.of("WAYBILL_HTTP_PORT", "x"))))
                .containsExactly("environment variable WAYBILL_HTTP_PORT: http.port: expected a whole number from 0 to"
                        + " 65535, was 'x'");
        assertThat(problems(FILE, new Overrides(Map.of("http.port", "y"), Map.of())))
                .containsExactly("--set http.port: http.port: expected a whole number from 0 to 65535, was 'y'");
    }

    @Test
    void shouldSuggestTheKeyThatAFlagMeans() {
        assertThat(problems(
                FILE + ACME,
                new Overrides(
                        Map.of("htpp.port", "1", "http.prot", "1", "destinations.acme.hst", "h"),
                        Map.of("ACME", "x"))))
                .containsExactly(
                        "--set destinations.acme.hst: destinations.acme.hst: is not a known key; did you mean"
                                + " 'destinations.acme.host'?",
                        "--set htpp.port: htpp.port: is not a known key; did you mean 'http.port'?",
                        "--set http.prot: http.prot: is not a known key; did you mean 'http.port'?");
    }

    @Test
    void shouldPassOverVariablesOfOthers() {
        assertThat(read(FILE, Map.of(), Map.of("WAYBILL_SERVICE_HOST", "10.0.0.1", "PATH", "/bin"))
                .http()
                .port())
                .isEqualTo(1);
    }
}
