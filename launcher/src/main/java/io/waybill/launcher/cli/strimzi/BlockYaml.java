package io.waybill.launcher.cli.strimzi;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes maps, lists, texts and numbers as YAML in blocks, the form in which operators keep such files. */
final class BlockYaml {
    /** A text that every reader takes for a text, unless it is one of the words. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]*");

    private static final Set<String> WORDS = Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

    private BlockYaml() {}

    /** The lines of one document; the first one parts it from the document before. */
    static List<String> document(Map<String, Object> content) {
        var lines = new ArrayList<String>();
        lines.add("---");
        write(lines, "", content);
        return lines;
    }

    private static void write(List<String> lines, String indent, Map<?, ?> map) {
        map.forEach((key, value) -> {
            String head = indent + scalar(key) + ":";
            switch (value) {
                case Map<?, ?> inner when !inner.isEmpty() -> {
                    lines.add(head);
                    write(lines, indent + "  ", inner);
                }
                case List<?> items when items.stream().anyMatch(Map.class::isInstance) -> {
                    lines.add(head);
                    items.forEach(item -> item(lines, indent + "  ", (Map<?, ?>) item));
                }
                default -> lines.add(head + " " + flow(value));
            }
        });
    }

    /** The first line of an item has its dash. */
    private static void item(List<String> lines, String indent, Map<?, ?> item) {
        int first = lines.size();
        write(lines, indent + "  ", item);
        lines.set(first, indent + "- " + lines.get(first).substring(indent.length() + 2));
    }

    private static String flow(Object value) {
        return switch (value) {
            case Map<?, ?> _ -> "{}";
            case List<?> items -> "[" + String.join(", ", items.stream().map(BlockYaml::scalar).toList()) + "]";
            default -> scalar(value);
        };
    }

    private static String scalar(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        String text = value.toString();
        return PLAIN.matcher(text).matches() && !WORDS.contains(text)
                ? text
                : "\"" + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }
}
