package io.waybill.runtime.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Typed reading of one section. A key that is missing or does not parse is added to the {@link Problems} and a
 * stand-in is returned, so that reading goes on; {@link #finish()} complains of keys that nobody asked for. Not for
 * several threads.
 */
final class Keys {
    private final String path;
    private final Node.Section section;
    private final Overrides overrides;
    private final Problems problems;
    private final Set<String> known = new TreeSet<>();

    /** Full keys of values that somebody asked for, in this section or any other. */
    private final Set<String> asked;

    /** The keys of the whole file. */
    Keys(Node.Section root, Overrides overrides, Problems problems) {
        this("", root, overrides, problems, new TreeSet<>());
    }

    private Keys(String path, Node.Section section, Overrides overrides, Problems problems, Set<String> asked) {
        this.path = path;
        this.section = section;
        this.overrides = overrides;
        this.problems = problems;
        this.asked = asked;
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    void problem(String key, String fault) {
        problems.add(place(key), full(key), fault);
    }

    private String place(String key) {
        return overrides.get(full(key)).map(Node.Scalar::place).orElseGet(() -> {
            Node node = section.children().get(key);
            return node == null ? section.place() : node.place();
        });
    }

    private Optional<Node.Scalar> scalar(String key) {
        known.add(key);
        asked.add(full(key));
        Optional<Node.Scalar> override = overrides.get(full(key));
        if (override.isPresent()) {
            return override;
        }
        return switch (section.children().get(key)) {
            case null -> Optional.empty();
            case Node.Scalar scalar when scalar.text().isEmpty() -> Optional.empty();
            case Node.Scalar scalar -> Optional.of(scalar);
            case Node.Section _, Node.Sequence _ -> {
                problem(key, "expected a single value");
                yield Optional.empty();
            }
        };
    }

    /** An optional value; a parser throws {@link IllegalArgumentException} with what it expected. */
    <T> Optional<T> value(String key, Function<String, T> parser) {
        return scalar(key).flatMap(found -> {
            try {
                return Optional.of(parser.apply(found.text()));
            } catch (IllegalArgumentException e) {
                problems.add(found.place(), full(key), String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    /** A value that must be there; the stand-in is returned after the complaint. */
    <T> T required(String key, Function<String, T> parser, T standIn) {
        if (!has(key)) {
            problem(key, "is missing");
        }
        return value(key, parser).orElse(standIn);
    }

    String text(String key, String fallback) {
        return value(key, Function.identity()).orElse(fallback);
    }

    int number(String key, int fallback, int least, int most) {
        return value(key, text -> inRange(text, least, most)).orElse(fallback);
    }

    OptionalInt number(String key, int least, int most) {
        return value(key, text -> OptionalInt.of(inRange(text, least, most))).orElse(OptionalInt.empty());
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

    boolean flag(String key, boolean fallback) {
        return value(key, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false, was '" + text + "'");
        })
                .orElse(fallback);
    }

    Duration duration(String key, Duration fallback) {
        return value(key, Durations::parse).orElse(fallback);
    }

    /** A duration of more than zero. */
    Duration positive(String key, Duration fallback) {
        return value(key, text -> {
            Duration duration = Durations.parse(text);
            if (!duration.isPositive()) {
                throw new IllegalArgumentException("expected more than zero, was '" + text + "'");
            }
            return duration;
        })
                .orElse(fallback);
    }

    Optional<Secret> secret(String key) {
        return value(key, reference -> Secret.resolve(reference, overrides.environment()));
    }

    /** A constant written in lower case with dashes: {@code keep-both}. */
    <E extends Enum<E>> E oneOf(String key, Class<E> type, E fallback) {
        return value(key, text -> {
            for (E constant : type.getEnumConstants()) {
                if (dashed(constant).equals(text)) {
                    return constant;
                }
            }
            List<String> all =
                    Arrays.stream(type.getEnumConstants()).map(Keys::dashed).toList();
            throw new IllegalArgumentException("expected one of " + all + ", was '" + text + "'"
                    + Suggestion.of(text, all));
        })
                .orElse(fallback);
    }

    private static String dashed(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A list, or one value standing for a list of one; an override separates values by commas. */
    List<String> texts(String key) {
        known.add(key);
        asked.add(full(key));
        Optional<Node.Scalar> override = overrides.get(full(key));
        if (override.isPresent()) {
            return List.of(override.get().text().split("\\s*,\\s*"));
        }
        return switch (section.children().get(key)) {
            case null -> List.of();
            case Node.Scalar scalar -> scalar.text().isEmpty() ? List.of() : List.of(scalar.text());
            case Node.Sequence sequence -> itemTexts(key, sequence);
            case Node.Section _ -> {
                problem(key, "expected a list");
                yield List.of();
            }
        };
    }

    private List<String> itemTexts(String key, Node.Sequence sequence) {
        var texts = new ArrayList<String>();
        for (Node item : sequence.items()) {
            if (item instanceof Node.Scalar(String text, _)) {
                texts.add(text);
            } else {
                problems.add(item.place(), full(key), "expected a single value");
            }
        }
        return texts;
    }

    /** Whether a value is given in the file or above it, well-formed or not. */
    boolean has(String key) {
        Node node = section.children().get(key);
        boolean inFile = node != null && !(node instanceof Node.Scalar(String text, _) && text.isEmpty());
        return inFile || overrides.get(full(key)).isPresent();
    }

    /** Whether a section is there, be it empty, or anything in it is given above the file. */
    boolean mentions(String key) {
        return section.children().containsKey(key) || !overrides.below(full(key)).isEmpty();
    }

    /** A fixed section; an absent one reads as empty, so that overrides and defaults still apply. */
    Keys section(String key) {
        known.add(key);
        return new Keys(full(key), childSection(key), overrides, problems, asked);
    }

    private Node.Section childSection(String key) {
        Node node = section.children().get(key);
        if (node instanceof Node.Section child) {
            return child;
        }
        if (node != null && !(node instanceof Node.Scalar(String text, _) && text.isEmpty())) {
            problem(key, "expected keys with values");
        }
        return new Node.Section(Map.of(), node == null ? section.place() : node.place());
    }

    /** A section whose keys are names chosen by the operator, in the file's order. */
    Map<String, Keys> named(String key) {
        Keys parent = section(key);
        var children = new LinkedHashMap<String, Keys>();
        parent.section.children().keySet().forEach(name -> children.put(name, parent.section(name)));
        return children;
    }

    /** A section of free keys with single values, handed on as it is. */
    Map<String, String> free(String key) {
        Keys parent = section(key);
        var values = new LinkedHashMap<String, String>();
        parent.section.children().keySet().forEach(name -> parent.scalar(name)
                .ifPresent(scalar -> values.put(name, scalar.text())));
        overrides.below(parent.path).forEach((name, scalar) -> {
            asked.add(parent.full(name));
            values.put(name, scalar.text());
        });
        return values;
    }

    /**
     * Complains of every key of this section that was not asked for; in the whole file's keys, which finish last, of
     * every such flag, too.
     */
    void finish() {
        section.children().forEach((key, node) -> {
            if (!known.contains(key)) {
                problems.add(node.place(), full(key), "is not a known key" + Suggestion.of(key, known));
            }
        });
        if (path.isEmpty()) {
            // Only flags: an environment holds variables of others (Kubernetes injects WAYBILL_SERVICE_HOST and its like).
            overrides.flags().keySet().stream()
                    .filter(flag -> !asked.contains(flag))
                    .sorted()
                    .forEach(flag -> problems.add("--set " + flag, flag,
                            "is not a known key" + Suggestion.of(flag, asked)));
        }
    }
}
