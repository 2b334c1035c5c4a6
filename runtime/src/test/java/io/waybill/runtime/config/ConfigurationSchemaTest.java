package io.waybill.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

    private static List<String> faults(String schema, String yaml) throws IOException {
        Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return SchemaRegistry.withDefaultDialect(Dialects.getDraft202012())
                .getSchema(schema, InputFormat.JSON)
                .validate(JSON.writeValueAsString(document), InputFormat.JSON)
                .stream()
                .map(Objects::toString)
                .toList();
    }

    private static List<String> faults(String yaml) throws IOException {
        return faults(ConfigurationSchema.text(List.of(OwnSectionTest.SECTION)), yaml);
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
        assertThat(faults(text(DOCS.resolve("waybill.schema.json")), example)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "kafka: { linger.ms: 5, enable.idempotence: true, client.id: me }",
                    "destinations: { a: { hostKeys: SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA } }",
                    "destinations: { a: { password: env:P, foldNames: case, staging: { suffix: .part } } }",
                    "own: { number: 3 }",
                    "routes: { r: { retry: { backoff: 0ms } } }"
            })
    void shouldAccept(String yaml) throws IOException {
        assertThat(faults(yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                    "rotues: {}",
                    "own: { nubmer: 3 }",
                    "own: { number: 11 }",
                    "http: { port: 65536 }",
                    "http: { port: eighty }",
                    "s3: { pathStyle: yes }",
                    "s3: { endpoint: store:9000 }",
                    "streams: { commitInterval: 0s }",
                    "streams: { commitInterval: 00 ms }",
                    "streams: { commitInterval: 1.5s }",
                    "streams: { commitInterval: 5 }",
                    "destinations: { 'a#1': { } }",
                    "destinations: { a: { password: hunter2 } }",
                    "destinations: { a: { hostKeys: [MD5:00] } }",
                    "destinations: { a: { ordering: lifo } }",
                    "routes: { r: { deliver: { path: 'in/{name}' } } }",
                    "routes: [a]",
                    "kafka: { linger.ms: [5] }"
            })
    void shouldRefuse(String yaml) throws IOException {
        assertThat(faults(yaml)).isNotEmpty();
    }
}
