package io.waybill.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.waybill.launcher.process.KeyTable.Row;
import io.waybill.runtime.config.ConfigurationSchema;
import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an editor says of each key, those of the services among them. */
final class KeySchemaTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static List<String> faults(Object document) throws IOException {
        return SchemaRegistry.withDefaultDialect(Dialects.getDraft202012())
                .getSchema(ConfigurationSchema.text(Services.sections()), InputFormat.JSON)
                .validate(JSON.writeValueAsString(document), InputFormat.JSON)
                .stream()
                .map(Objects::toString)
                .toList();
    }

    /** A document with one value, at one key. */
    private static Object with(Row row, String key, Object value) {
        Object document = Map.of(key, value);
        for (Section section : row.sections().reversed()) {
            document = section.kind() == Section.Kind.NAMED && !row.isBesideNames(section)
                    ? Map.of("acme", document)
                    : document;
            document = section.name().isEmpty() ? document : Map.of(section.name(), document);
        }
        return document;
    }

    static List<Row> rows() {
        return KeyTable.rows();
    }

    @Test
    void shouldStandInTheDocuments() throws IOException {
        assertThat(Files.readString(Path.of("../docs/waybill.schema.json")))
                .as("docs/waybill.schema.json; './waybill config schema' prints it")
                .isEqualTo(ConfigurationSchema.text(Services.sections()) + "\n");
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
        T value = key.fallback().orElseThrow();
        return value instanceof Integer || value instanceof Boolean ? value : key.type().printer().apply(value);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldRefuseAnUnknownKeyBesideEveryOther(Row row) throws IOException {
        boolean free = row.sections().getLast().kind() == Section.Kind.FREE;

        assertThat(faults(with(row, row.key().name() + "x", "1")).isEmpty()).isEqualTo(free);
    }
}
