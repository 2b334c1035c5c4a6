package io.waybill.runtime.config;

import io.waybill.runtime.text.Suggestion;
import io.waybill.runtime.time.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The type of a key's value.
 *
 * @param name    for the table of the documents
 * @param parser  from the text of a configuration
 * @param printer back to the text, for defaults
 * @param schema  the JSON Schema of a value
 */
public record KeyType<T>(String name, Parser<T> parser, Function<T, String> printer, Map<String, Object> schema) {
    private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");
    private static final int OCTAL_RADIX = 8;
    private static final String DURATION = "\\d{1,9}\\s*(ms|s|m|h|d)$";

    /** Any text. */
    public static final KeyType<String> TEXT = text("text", Function.identity());

    static final KeyType<Boolean> FLAG = of("`true` or `false`", KeyType::flag, Map.of("type", "boolean"));

    /** A flag that Waybill passes on to a library, which checks it. */
    static final KeyType<String> LIBRARY_FLAG = of(FLAG.name, Function.identity(), FLAG.schema);

    /** Whole milliseconds, seconds, minutes, hours or days. */
    public static final KeyType<Duration> DURATION_OR_ZERO = duration("duration", Durations::parse, "^" + DURATION);

    /** The same without zero. */
    public static final KeyType<Duration> POSITIVE_DURATION =
            duration("duration, more than zero", KeyType::positive, "^(?!0+\\s*[a-z])" + DURATION);

    /** A reference to a secret. */
    public static final KeyType<Secret> SECRET = new KeyType<>(
            "secret", Secret::resolve, Secret::toString, Map.of("type", "string", "pattern", "^(file|env):.+$"));

    /** References to secrets, or one reference; {@link SectionReader#secrets} follows them. */
    public static final KeyType<List<String>> SECRETS = list("list of secrets", "^(file|env):.+$");

    /**
     * A secret that has a form of its own.
     *
     * @param parser its message must not repeat the text
     */
    public static <T> KeyType<T> secret(Function<String, T> parser) {
        return new KeyType<>(
                SECRET.name,
                (text, environment) -> parser.apply(Secret.resolve(text, environment).reveal()),
                _ -> "(secret)",
                SECRET.schema);
    }

    /** Turns a text into a value. */
    public interface Parser<T> {
        /**
         * Parses one text.
         *
         * @throws IllegalArgumentException that names the expected form
         */
        T parse(String text, Map<String, String> environment);
    }

    private static <T> KeyType<T> of(String name, Function<String, T> parser, Map<String, Object> schema) {
        return new KeyType<>(name, (text, _) -> parser.apply(text), String::valueOf, schema);
    }

    /** A value that is written as text and has a form of its own. */
    public static <T> KeyType<T> text(String name, Function<String, T> parser) {
        return of(name, parser, Map.of("type", "string"));
    }

    /**
     * As the other method.
     *
     * @param pattern of the texts that the parser accepts, or of more, as a JSON Schema pattern
     */
    static <T> KeyType<T> text(String name, Function<String, T> parser, String pattern) {
        return of(name, parser, Map.of("type", "string", "pattern", pattern));
    }

    /** Whole numbers, both bounds included. */
    public static KeyType<Integer> number(int least, int most) {
        return of(least + " to " + most, text -> inRange(text, least, most),
                Map.of("type", "integer", "minimum", least, "maximum", most));
    }

    /** A constant written in lower case with dashes: {@code keep-both}. */
    public static <E extends Enum<E>> KeyType<E> oneOf(Class<E> type) {
        List<String> all =
                Arrays.stream(type.getEnumConstants()).map(KeyType::dashed).toList();
        return new KeyType<>(
                all.stream().map(text -> "`" + text + "`").collect(Collectors.joining(", ")),
                (text, _) -> constant(type, all, text),
                KeyType::dashed,
                Map.of("enum", all));
    }

    /** A list, or one value that stands for a list of one; an override separates values by commas. */
    static KeyType<List<String>> list(String name, String pattern) {
        Map<String, Object> item = inOrder(Map.of("type", "string", "pattern", pattern));
        return new KeyType<>(
                name,
                (text, _) -> List.of(text.split("\\s*,\\s*")),
                values -> String.join(", ", values),
                Map.of("anyOf", List.of(item, inOrder(Map.of("type", "array", "items", item)))));
    }

    /** The same map in a fixed order, so that the output is always the same. */
    private static Map<String, Object> inOrder(Map<String, Object> schema) {
        return new TreeMap<>(schema);
    }

    private static KeyType<Duration> duration(String name, Function<String, Duration> parser, String pattern) {
        return new KeyType<>(
                name, (text, _) -> parser.apply(text), Durations::print, Map.of("type", "string", "pattern", pattern));
    }

    /** The schema of a value with this default. */
    Map<String, Object> schemaWithDefault(T value) {
        var with = new LinkedHashMap<>(schema);
        with.put("default", value instanceof Integer || value instanceof Boolean ? value : printer.apply(value));
        return with;
    }

    private static int inRange(String text, int least, int most) {
        String expected = "expected a whole number from " + least + " to " + most + ", was '" + text + "'";
        try {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException(expected);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    /**
     * Permissions as {@code chmod} takes them, quoted or not.
     *
     * @param example what the key may be; a directory needs other digits than a file
     */
    static KeyType<Integer> mode(String example) {
        return new KeyType<>(
                "octal number such as `" + example + "`",
                (text, _) -> mode(text, example),
                mode -> "0" + Integer.toOctalString(mode),
                Map.of("type", List.of("string", "integer"), "pattern", "^0?[0-7]{3}$"));
    }

    private static int mode(String text, String example) {
        if (!OCTAL.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "expected three octal digits such as " + example + ", was '" + text + "'");
        }
        return Integer.parseInt(text, OCTAL_RADIX);
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false, was '" + text + "'");
        };
    }

    private static Duration positive(String text) {
        Duration duration = Durations.parse(text);
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("expected more than zero, was '" + text + "'");
        }
        return duration;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, List<String> all, String text) {
        int index = all.indexOf(text);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "expected one of " + all + ", was '" + text + "'" + Suggestion.of(text, all));
        }
        return type.getEnumConstants()[index];
    }

    private static String dashed(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
