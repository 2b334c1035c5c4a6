package io.waybill.runtime.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON Schema of a configuration file, for editors. It knows only the file. It requires no key, because the
 * environment may give a value. It does not check whether a file or a destination exists; the reader does.
 */
public final class ConfigurationSchema {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The schema of names that operators choose. */
    private static final Map<String, Object> NAME = Map.of("pattern", "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$");

    /** The schema of values that Waybill passes on to libraries. */
    private static final Map<String, Object> SCALAR = Map.of("type", List.of("string", "number", "boolean"));

    private ConfigurationSchema() {}

    /**
     * The schema as indented JSON of draft 2020-12, without a line break at its end.
     *
     * @param sections the sections of single services
     */
    public static String text(List<OwnSection<?>> sections) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "waybill.yaml");
        schema.putAll(section(ConfigurationKeys.root(sections)));
        var indenter = new DefaultIndenter("  ", "\n"); // the same on every system
        var printer = new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try {
            return JSON.writer(printer).writeValueAsString(schema);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a schema is made of maps, lists and texts", e);
        }
    }

    private static Map<String, Object> section(Section section) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("description", section.meaning());
        schema.put("type", "object");
        switch (section.kind()) {
            case FIXED -> schema.putAll(entries(section.entries(), false));
            case FREE -> schema.putAll(entries(section.entries(), SCALAR));
            case NAMED -> {
                schema.put("propertyNames", NAME);
                var each = new LinkedHashMap<String, Object>();
                each.put("type", "object");
                each.putAll(entries(section.entries(), false));
                schema.put("additionalProperties", each);
                if (!section.own().isEmpty()) {
                    schema.putAll(entries(List.copyOf(section.own()), each));
                }
            }
        }
        return schema;
    }

    private static Map<String, Object> entries(List<SectionEntry> entries, Object others) {
        var properties = new LinkedHashMap<String, Object>();
        entries.forEach(entry -> properties.put(entry.name(), switch (entry) {
            case Section inner -> section(inner);
            case Key<?> key -> key(key);
        }));
        var schema = new LinkedHashMap<String, Object>();
        schema.put("additionalProperties", others);
        schema.put("properties", properties);
        return schema;
    }

    private static <T> Map<String, Object> key(Key<T> key) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("description", key.meaning().replace("`", ""));
        KeyType<T> type = key.type();
        schema.putAll(new TreeMap<>(
                key.fallback().map(type::schemaWithDefault).orElseGet(type::schema)));
        return schema;
    }
}
