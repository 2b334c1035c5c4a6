package io.waybill.runtime.config;

import io.waybill.runtime.text.Suggestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Reads the keys of one {@link Section}, and no others: a key that is not among its entries is a bug. A value that is
 * missing or does not parse is added to the {@link Problems}. The reader then returns a stand-in, so that reading
 * continues. {@link #finish()} complains about keys that the section does not have. Not for several threads.
 */
public final class SectionReader {
    private final String path;
    private final Section section;
    private final Node.Section given;
    private final Overrides overrides;
    private final Problems problems;

    /** Full keys of values that were read, in this section or any other. */
    private final Set<String> asked;

    /** For the whole file. */
    SectionReader(Section root, Node.Section file, Overrides overrides, Problems problems) {
        this("", root, file, overrides, problems, new TreeSet<>());
    }

    private SectionReader(
            String path,
            Section section,
            Node.Section given,
            Overrides overrides,
            Problems problems,
            Set<String> asked) {
        this.path = path;
        this.section = section;
        this.given = given;
        this.overrides = overrides;
        this.problems = problems;
        this.asked = asked;
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private void requireOurs(SectionEntry entry) {
        if (!section.entries().contains(entry) && !section.own().contains(entry)) {
            throw new IllegalArgumentException("'" + entry.name() + "' is not among the data of '" + path + "'");
        }
    }

    /** Complains about a value. */
    public void problem(SectionEntry entry, String fault) {
        problems.add(place(entry.name()), full(entry.name()), fault);
    }

    private String place(String key) {
        return overrides.get(full(key)).map(Node.Scalar::place).orElseGet(() -> {
            Node node = given.children().get(key);
            return node == null ? given.place() : node.place();
        });
    }

    private Optional<Node.Scalar> scalar(String key) {
        asked.add(full(key));
        Optional<Node.Scalar> override = overrides.get(full(key));
        if (override.isPresent()) {
            return override;
        }
        return switch (given.children().get(key)) {
            case null -> Optional.empty();
            case Node.Scalar scalar when scalar.text().isEmpty() -> Optional.empty();
            case Node.Scalar scalar -> Optional.of(scalar);
            case Node.Section _, Node.Sequence _ -> {
                problems.add(place(key), full(key), "expected a single value");
                yield Optional.empty();
            }
        };
    }

    /** The given value, whatever the key's default. */
    public <T> Optional<T> find(Key<T> key) {
        requireOurs(key);
        return scalar(key.name()).flatMap(found -> {
            try {
                if (key.type().name().equals(KeyType.SECRET.name()) && found.text().startsWith("file:")) {
                    warnIfExposed(key, Path.of(found.text().substring("file:".length())));
                }
                return Optional.of(key.type().parser().parse(found.text(), overrides.environment()));
            } catch (IllegalArgumentException e) {
                problems.add(found.place(), full(key.name()), String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    /** Warns if others than its owner can read a file that holds a secret. */
    void warnIfExposed(SectionEntry key, Path file) {
        Secret.exposed(file)
                .ifPresent(fault -> problems.warn(new ConfigWarning(full(key.name()), true, fault)));
    }

    /** Warns of what is allowed and may not be intended. */
    void warn(SectionEntry key, String text) {
        problems.warn(new ConfigWarning(full(key.name()), true, text));
    }

    /** The given value, or the key's default, which the key must have. */
    public <T> T get(Key<T> key) {
        return find(key).orElseGet(() -> key.fallback().orElseThrow());
    }

    /** A value that must be given. If it is missing, the reader complains and returns the stand-in. */
    public <T> T required(Key<T> key, T standIn) {
        if (!has(key)) {
            problem(key, "is missing");
        }
        return find(key).orElse(standIn);
    }

    /** A list, or one value that stands for a list of one. */
    List<String> list(Key<List<String>> key) {
        requireOurs(key);
        asked.add(full(key.name()));
        Optional<Node.Scalar> override = overrides.get(full(key.name()));
        if (override.isPresent()) {
            return key.type().parser().parse(override.get().text(), overrides.environment());
        }
        return switch (given.children().get(key.name())) {
            case null -> List.of();
            case Node.Scalar scalar -> scalar.text().isEmpty() ? List.of() : List.of(scalar.text());
            case Node.Sequence sequence -> itemTexts(key, sequence);
            case Node.Section _ -> {
                problem(key, "expected a list");
                yield List.of();
            }
        };
    }

    private List<String> itemTexts(Key<?> key, Node.Sequence sequence) {
        var texts = new ArrayList<String>();
        for (Node item : sequence.items()) {
            if (item instanceof Node.Scalar(String text, _)) {
                texts.add(text);
            } else {
                problems.add(item.place(), full(key.name()), "expected a single value");
            }
        }
        return texts;
    }

    /** Follows each reference of a list. */
    public List<Secret> secrets(Key<List<String>> key) {
        var secrets = new ArrayList<Secret>();
        for (String reference : list(key)) {
            try {
                if (reference.startsWith("file:")) {
                    warnIfExposed(key, Path.of(reference.substring("file:".length())));
                }
                secrets.add(Secret.resolve(reference, overrides.environment()));
            } catch (IllegalArgumentException e) {
                problem(key, String.valueOf(e.getMessage()));
            }
        }
        return secrets;
    }

    /** Whether a value is given in the file or in an override, well-formed or not. */
    public boolean has(Key<?> key) {
        Node node = given.children().get(key.name());
        boolean inFile = node != null && !(node instanceof Node.Scalar(String text, _) && text.isEmpty());
        return inFile || overrides.get(full(key.name())).isPresent();
    }

    /** Whether a section is present, even empty, or an override gives a value in it. */
    boolean mentions(Section inner) {
        return given.children().containsKey(inner.name())
                || !overrides.below(full(inner.name())).isEmpty();
    }

    /** A section; an absent one reads as empty, so that overrides and defaults still apply. */
    SectionReader section(Section inner) {
        requireOurs(inner);
        return child(inner);
    }

    private SectionReader child(Section inner) {
        return new SectionReader(full(inner.name()), inner, childNode(inner), overrides, problems, asked);
    }

    private Node.Section childNode(Section inner) {
        Node node = given.children().get(inner.name());
        if (node instanceof Node.Section child) {
            return child;
        }
        if (node != null && !(node instanceof Node.Scalar(String text, _) && text.isEmpty())) {
            problem(inner, "expected keys with values");
        }
        return new Node.Section(Map.of(), node == null ? given.place() : node.place());
    }

    /** The sections of a {@link Section.Kind#NAMED} section by their names, in the file's order. */
    Map<String, SectionReader> named(Section names) {
        return section(names).named();
    }

    /** The same, of the reader of such a section. */
    public Map<String, SectionReader> named() {
        Set<String> own = section.own().stream().map(Key::name).collect(Collectors.toSet());
        var children = new LinkedHashMap<String, SectionReader>();
        given.children().keySet().stream()
                .filter(name -> !own.contains(name))
                .forEach(name -> children.put(name, child(section.under(name))));
        return children;
    }

    /**
     * The values of a {@link Section.Kind#FREE} section.
     *
     * @param parser takes the name of a value and the value
     */
    Map<String, String> free(Section values, BiFunction<String, Node.Scalar, String> parser) {
        SectionReader parent = section(values);
        var scalars = new LinkedHashMap<String, Node.Scalar>();
        parent.given.children().keySet().forEach(name -> parent.scalar(name)
                .ifPresent(scalar -> scalars.put(name, scalar)));
        overrides.below(parent.path).forEach((name, scalar) -> {
            asked.add(parent.full(name));
            scalars.put(name, scalar);
        });
        var found = new LinkedHashMap<String, String>();
        scalars.forEach((name, scalar) -> {
            try {
                found.put(name, parser.apply(name, scalar));
            } catch (IllegalArgumentException e) {
                problems.add(scalar.place(), parent.full(name), String.valueOf(e.getMessage()));
            }
        });
        return found;
    }

    /**
     * A secret as it is given, which only those who use it follow. In an environment variable it may be the secret itself.
     */
    Optional<String> unfollowed(Key<Secret> key) {
        requireOurs(key);
        return scalar(key.name()).filter(found -> {
            boolean safe = Overrides.fromEnvironment(found) || Secret.refersTo(found.text());
            if (!safe) {
                problem(key, "a secret is given as file:PATH or env:NAME, never in plain text (the text found is not"
                        + " shown)");
            }
            return safe;
        }).map(Node.Scalar::text);
    }

    /** Follows a reference to a secret. */
    String revealed(String reference) {
        return Secret.resolve(reference, overrides.environment()).reveal();
    }

    /**
     * Complains about every key that the section does not have. For the whole file, which finishes last, it also
     * complains about every such flag.
     */
    public void finish() {
        if (section.kind() == Section.Kind.NAMED) {
            return; // every key is a name, whose own section finishes by itself
        }
        Set<String> known =
                section.entries().stream().map(SectionEntry::name).collect(Collectors.toCollection(TreeSet::new));
        given.children().forEach((key, node) -> {
            if (!known.contains(key)) {
                problems.add(node.place(), full(key), "is not a known key" + Suggestion.of(key, known));
            }
        });
        if (path.isEmpty()) {
            // Only flags: the environment holds variables of other programs (Kubernetes injects WAYBILL_SERVICE_HOST
            // and others).
            overrides.flags().keySet().stream()
                    .filter(flag -> !asked.contains(flag))
                    .sorted()
                    .forEach(flag -> problems.add("--set " + flag, flag,
                            "is not a known key" + Suggestion.of(flag, asked)));
        }
    }
}
