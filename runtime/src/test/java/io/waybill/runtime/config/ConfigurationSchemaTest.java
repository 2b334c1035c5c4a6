package io.waybill.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.waybill.runtime.config.KeyTable.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What an editor says of a configuration. */
final class ConfigurationSchemaTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    private static List<String> faults(Object document) throws IOException {
        return SchemaRegistry.withDefaultDialect(Dialects.getDraft202012())
                .getSchema(ConfigurationSchema.text(), InputFormat.JSON)
                .validate(JSON.writeValueAsString(document), InputFormat.JSON)
                .stream()
                .map(Objects::toString)
                .toList();
    }

    private static List<String> faultsOf(String yaml) throws IOException {
        return faults(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    /** A document with one value, at one key. */
    private static Object with(Row row, String key, Object value) {
        Object document = Map.of(key, value);
        for (Section section : row.sections().reversed()) {
            document = section.kind() == Section.Kind.NAMED ? Map.of("acme", document) : document;
            document = section.name().isEmpty() ? document : Map.of(section.name(), document);
        }
        return document;
    }

    static List<Row> rows() {
        return KeyTable.rows();
    }

    @Test
    void shouldStandInTheDocuments() throws IOException {
        assertThat(Files.readString(DOCS.resolve("waybill.schema.json")))
                .as("docs/waybill.schema.json; './waybill config schema' prints it")
                .isEqualTo(ConfigurationSchema.text() + "\n");
    }

    /** Every example in YAML that the documents have is one of a configuration. */
    static Stream<String> examples() throws IOException {
        try (Stream<Path> pages = Files.list(DOCS)) {
            return pages.filter(page -> page.toString().endsWith(".md")).sorted().toList().stream()
                    .flatMap(page -> EXAMPLE.matcher(text(page)).results().map(found -> found.group(1)));
        }
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldAcceptTheExamplesOfTheDocuments(String example) throws IOException {
        assertThat(faultsOf(example)).isEmpty();
    }

    /** The first example is a whole one. */
    @Test
    void shouldHaveAnExampleThatTheReaderTakes() throws IOException {
        String example = EXAMPLE.matcher(text(DOCS.resolve("configuration.md"))).results().findFirst().orElseThrow()
                .group(1);
        var environment = new HashMap<String, String>();
        Pattern.compile("env:(\\w+)").matcher(example).results().forEach(found -> environment.put(found.group(1), "x"));

        WaybillConfig config = WaybillConfig.parse("example", example, new Overrides(Map.of(), environment));

        assertThat(config.routes()).isNotEmpty();
        assertThat(config.warnings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldAcceptTheDefaultOfEveryKeyAndRefuseAValueOfAnotherType(Row row) throws IOException {
        Key<?> key = row.key();
        if (key.fallback().isPresent()) {
            assertThat(faults(with(row, key.name(), defaultOf(key)))).isEmpty();
        }
        assertThat(faults(with(row, key.name(), Map.of("a", 1)))).isNotEmpty();
        assertThat(faults(with(row, key.name(), List.of(true)))).isNotEmpty();
    }

    private static <T> Object defaultOf(Key<T> key) {
        return Objects.requireNonNull(
                key.type().schemaWithDefault(key.fallback().orElseThrow()).get("default"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldRefuseAnUnknownKeyBesideEveryOther(Row row) throws IOException {
        boolean free = row.sections().getLast().kind() == Section.Kind.FREE;

        assertThat(faults(with(row, row.key().name() + "x", "1")).isEmpty()).isEqualTo(free);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "kafka: { linger.ms: 5, enable.idempotence: true, client.id: me }",
                    "destinations: { a: { hostKeys: SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA } }",
                    "destinations: { a: { password: env:P, foldNames: case, staging: { suffix: .part } } }",
                    "worker: { commitLinger: 0ms }"
            })
    void shouldAccept(String yaml) throws IOException {
        assertThat(faultsOf(yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "rotues: {}",
                    "http: { port: 65536 }",
                    "http: { port: eighty }",
                    "s3: { pathStyle: yes }",
                    "s3: { endpoint: store:9000 }",
                    "monitor: { tick: 0s }",
                    "monitor: { tick: 00 ms }",
                    "monitor: { tick: 1.5s }",
                    "monitor: { tick: 5 }",
                    "destinations: { 'a#1': { } }",
                    "destinations: { a: { password: hunter2 } }",
                    "destinations: { a: { hostKeys: [MD5:00] } }",
                    "destinations: { a: { ordering: lifo } }",
                    "routes: { r: { deliver: { path: 'in/{name}' } } }",
                    "routes: [a]",
                    "kafka: { linger.ms: [5] }"
            })
    void shouldRefuse(String yaml) throws IOException {
        assertThat(faultsOf(yaml)).isNotEmpty();
    }
}
