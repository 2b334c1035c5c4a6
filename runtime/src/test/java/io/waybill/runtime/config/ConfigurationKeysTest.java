package io.waybill.runtime.config;

import static io.waybill.runtime.config.ConfigFixture.ACME;
import static io.waybill.runtime.config.ConfigFixture.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The data of the keys is what is read and what is documented: no more and no less. */
final class ConfigurationKeysTest {
    private static final String FILE = CLUSTER + ACME
            + """
            routes:
              invoices: { source: { bucket: b } }
            """;

    static Stream<String> keys() {
        return KeyTable.rows().stream()
                .map(row -> row.path(row.sections().contains(RouteKeys.SECTION) ? "invoices" : "acme"));
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
                        "monitor.tick");
    }

    /** A flag that nobody asks for is refused, so that a key that is data alone is found here. */
    @ParameterizedTest
    @MethodSource("keys")
    void shouldReadEveryKeyOfTheData(String key) {
        assertThat(faults(Map.of(key, "a value that may be wrong")))
                .noneMatch(fault -> fault.contains("not a known key"));
    }

    @Test
    void shouldFindAKeyThatNobodyReads() {
        assertThat(faults(Map.of("monitor.tock", "1s"))).singleElement().asString().contains("is not a known key");
    }

    private static List<String> faults(Map<String, String> flags) {
        try {
            WaybillConfig.parse("waybill.yaml", FILE, new Overrides(flags, Map.of("ACME", "hunter2")));
            return List.of();
        } catch (BadConfigurationException e) {
            return e.problems();
        }
    }

    @Test
    void shouldReadNoKeyThatIsNotAmongTheData() {
        var file = new Node.Section(Map.of(), "waybill.yaml:1:1");
        var reader = new SectionReader(ConfigurationKeys.ROOT, file, Overrides.NONE, new Problems());
        var stray = Key.of("stray", KeyType.TEXT, "", "Nobody knows it.");

        assertThatThrownBy(() -> reader.get(stray)).hasMessageContaining("'stray' is not among the data");
        assertThatThrownBy(() -> reader.section(ConfigurationKeys.TOPICS).get(ConfigurationKeys.HTTP_PORT))
                .hasMessageContaining("'port' is not among the data of 'topics'");
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

    @Test
    void shouldBeTheTableOfTheDocuments() throws IOException {
        String documents = Files.readString(Path.of("../docs/configuration.md"));

        assertThat(documents)
                .as("docs/configuration.md; its table is now:%n%n%s%n", KeyTable.markdown())
                .endsWith("\n\n" + KeyTable.markdown());
    }
}
