package io.waybill.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The data of the keys, those of the services among them, is what is read and what is documented: no more and no less. */
final class ConfigurationKeysTest {
    private static final Path DOCUMENT = Path.of("../docs/configuration.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SUCH_AS = Pattern.compile("such as `([^`]+)`");
    private static final String FILE =
            """
            kafka: { bootstrap.servers: "broker:9092" }
            schema.registry.url: http://registry:8081
            destinations:
              acme:
                host: sftp.acme.example
                user: waybill
                password: env:ACME
                hostKeys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
            calendars:
              acme: { zone: UTC, dates: [2026-01-01] }
            routes:
              invoices: { source: { bucket: b } }
            sources:
              acme: { type: sqs, queue: "https://sqs.eu-central-1.amazonaws.com/1/q", accessKey: env:ACME,
                secretKey: env:ACME }
            http: { auth: oidc, tokens: { acme: { hash: "sha256:%s", role: viewer } }, oidc: { issuer: https://i.example,
              audience: waybill, roles: { acme: { role: viewer } } } }
            """
                    .formatted("0".repeat(64));

    static Stream<String> keys() {
        return KeyTable.rows().stream().map(row -> row.path(row.isOfRoutes() ? "invoices" : "acme"));
    }

    @Test
    void shouldHaveTheKeysOfEachPart() {
        assertThat(keys())
                .doesNotHaveDuplicates()
                .contains(
                        "kafka.bootstrap.servers",
                        "schema.registry.url",
                        "destinations.acme.staging.suffix",
                        "routes.invoices.import.heartbeat",
                        "worker.id",
                        "monitor.tick");
    }

    /** A flag that nobody asks for is refused, so that a key that is data alone is found here. */
    @ParameterizedTest
    @MethodSource("keys")
    void shouldReadEveryKeyOfTheData(String key) {
        assertThat(faults(FILE, Map.of(key, "a value that may be wrong")))
                .noneMatch(fault -> fault.contains("not a known key"));
    }

    @Test
    void shouldFindAKeyThatNobodyReads() {
        assertThat(faults(FILE, Map.of("monitor.tock", "1s")))
                .singleElement()
                .asString()
                .contains("is not a known key");
    }

    /** Whichever services run: each process reads the sections of all. */
    @Test
    void shouldTellOfAMisspeltKeyOfAnyService() {
        assertThat(faults(FILE + "worker: { spam: 7 }\nmonitor: { tick: 0s }\n", Map.of()))
                .containsExactlyInAnyOrder(
                        "waybill.yaml:18:17: worker.spam: is not a known key; did you mean 'span'?",
                        "waybill.yaml:19:18: monitor.tick: expected more than zero, was '0s'");
    }

    private static List<String> faults(String file, Map<String, String> flags) {
        try {
            WaybillConfig.parse(
                    "waybill.yaml", file, new Overrides(flags, Map.of("ACME", "hunter2")), Services.sections());
            return List.of();
        } catch (BadConfigurationException e) {
            return e.problems();
        }
    }

    @Test
    void shouldHaveOneSentenceForEveryKey() {
        assertThat(KeyTable.rows())
                .allSatisfy(row -> assertThat(row.key().meaning())
                        .as(row.path("NAME"))
                        .matches("[`A-Z][^|\\n]+\\.")
                        .doesNotContain(". "));
    }

    @Test
    void shouldReadEveryDefaultAsItIsWritten() {
        assertThat(KeyTable.rows())
                .filteredOn(row -> row.key().fallback().isPresent())
                .isNotEmpty()
                .allSatisfy(row -> assertDefaultIsRead(row.key()));
    }

    private static <T> void assertDefaultIsRead(Key<T> key) {
        T value = key.fallback().orElseThrow();
        assertThat(key.type().parser().parse(key.type().printer().apply(value), Map.of()))
                .isEqualTo(value);
    }

    /** Somebody copies the value that the table shows. */
    @Test
    void shouldTakeTheValuesThatTheTableShowsAsExamples() {
        var examples = new TreeMap<String, String>();
        KeyTable.rows().forEach(row -> SUCH_AS.matcher(row.key().type().name()).results()
                .forEach(found -> examples.put(row.path(row.isOfRoutes() ? "invoices" : "acme"), found.group(1))));
        String file = FILE.replace("bucket: b }", "bucket: b }, deliver: { destination: acme }");

        assertThat(examples).containsKey("routes.invoices.deliver.directoryMode");
        assertThat(faults(file, examples)).isEmpty();
    }

    @Test
    void shouldBeTheTableOfTheDocuments() throws IOException {
        assertThat(Files.readString(DOCUMENT))
                .as("docs/configuration.md; its table is now:%n%n%s%n", KeyTable.markdown())
                .endsWith("\n\n" + KeyTable.markdown());
    }

    /** The first example is a whole one. */
    @Test
    void shouldHaveAnExampleThatTheReaderTakes() throws IOException {
        String example =
                EXAMPLE.matcher(Files.readString(DOCUMENT)).results().findFirst().orElseThrow().group(1);
        var environment = new HashMap<String, String>();
        Pattern.compile("env:(\\w+)").matcher(example).results().forEach(found -> environment.put(
                found.group(1), "x".repeat(40)));

        WaybillConfig config = WaybillConfig.parse(
                "example", example, new Overrides(Map.of(), environment), Services.sections());

        assertThat(config.routes()).isNotEmpty();
        assertThat(config.warnings()).isEmpty();
    }
}
