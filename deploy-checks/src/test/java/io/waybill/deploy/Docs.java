package io.waybill.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the documents say that there is. Other tests hold them against the running product. */
final class Docs {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern FIRST_CELL = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

    private Docs() {}

    static String text(String file) {
        try {
            return Files.readString(DOCS.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> firstCells(String file) {
        return FIRST_CELL.matcher(text(file)).results().map((MatchResult row) -> row.group(1))
                .collect(Collectors.toSet());
    }

    static Set<String> metrics() {
        return firstCells("metrics.md");
    }

    /** Whether an environment variable is the name of a key, also of one whose section has a name that the operator chose. */
    static boolean isKey(String variable) {
        return firstCells("configuration.md").stream()
                .map(key -> "WAYBILL_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9*]", "_"))
                .map(name -> name.replace("_NAME_", "_[A-Z0-9_]+_").replace("*", "[A-Z0-9_]+"))
                .anyMatch(variable::matches);
    }

    /** What the API answers to a GET, as its document describes it. */
    static boolean hasField(String path, String field) {
        Resource api = Resource.read(text("openapi.yaml")).getFirst();
        String schema = Tree.text(
                api.content(), "paths", path, "get", "responses", "200", "content", "application/json", "schema",
                "$ref");
        return api.at("components", "schemas", schema.substring(schema.lastIndexOf('/') + 1), "properties", field)
                .isPresent();
    }
}
