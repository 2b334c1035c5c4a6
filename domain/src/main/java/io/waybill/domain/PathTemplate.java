package io.waybill.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path that a route gives a file: an absolute path with placeholders. {@code {key}} is the object's whole key,
 * {@code {relative}} the key without the route's prefix, {@code {name}} its last part, {@code {stem}} and
 * {@code {extension}} (with its dot, or empty) the two halves of the name, {@code {bucket}} and {@code {route}} the
 * names of the bucket and the route.
 *
 * <p>Keys are untrusted. For every key, the result is below the template's fixed leading directories, or there is no
 * result.
 */
public final class PathTemplate {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final List<String> KNOWN =
            List.of("key", "relative", "name", "stem", "extension", "bucket", "route");

    private final String text;
    /** Whether a brace is a plain character. */
    private final boolean literal;

    private PathTemplate(String text, boolean literal) {
        this.text = text;
        this.literal = literal;
    }

    /** The template that gives every key this path, even if the path has braces. */
    public static PathTemplate of(RemotePath path) {
        return new PathTemplate(path.value(), true);
    }

    /** Reads a template; throws {@link IllegalArgumentException} that names the fault. */
    public static PathTemplate parse(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path template begins with '/', but was: '" + text + "'");
        }
        var unknown = new ArrayList<String>();
        Matcher placeholders = PLACEHOLDER.matcher(text);
        while (placeholders.find()) {
            if (!KNOWN.contains(placeholders.group(1))) {
                unknown.add(placeholders.group());
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown placeholder " + String.join(", ", unknown) + " in '" + text + "'; known are " + KNOWN);
        }
        String rest = PLACEHOLDER.matcher(text).replaceAll("x");
        if (rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
            throw new IllegalArgumentException("a brace is not closed in '" + text + "'");
        }
        new RemotePath(rest);
        return new PathTemplate(text, false);
    }

    /** The outcome of {@link #expand}: a path, or why the key gives none. */
    public sealed interface Expansion {
        record Path(RemotePath path) implements Expansion {}

        /**
         * The key gives no safe path.
         *
         * @param reason what is wrong with which key, fit to print
         */
        record BadName(String reason) implements Expansion {}
    }

    /** What different keys of one route can share so that they get the same path. */
    public enum Shared {
        /** Every key has a path of its own. */
        NOTHING,
        /** Keys in different directories whose last part is the same. */
        NAMES_IN_DIFFERENT_DIRECTORIES,
        /** Keys that differ in their extension, too. */
        STEMS,
        /** Keys that have nothing in common. */
        EVERYTHING
    }

    /** What the keys that a route takes can share so that they get the same path. */
    public Shared sharedBy(SourceFilter source) {
        if (has("key") || has("relative")) {
            return Shared.NOTHING;
        }
        boolean oneExtension = source.suffix().indexOf('.') >= 0;
        if (has("name") || has("stem") && (has("extension") || oneExtension)) {
            return Shared.NAMES_IN_DIFFERENT_DIRECTORIES;
        }
        return has("stem") ? Shared.STEMS : Shared.EVERYTHING;
    }

    private boolean has(String placeholder) {
        return !literal && text.contains("{" + placeholder + "}");
    }

    /** The path of one object. Never throws, for any key. */
    public Expansion expand(Route route, SourceObject source) {
        if (literal) {
            return new Expansion.Path(new RemotePath(text));
        }
        String key = source.key();
        String prefix = route.source().prefix();
        String relative = key.startsWith(prefix) ? key.substring(prefix.length()) : key;
        String name = key.substring(key.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String extension = dot > 0 ? name.substring(dot) : "";
        String path = PLACEHOLDER.matcher(text).replaceAll(placeholder -> Matcher.quoteReplacement(
                switch (placeholder.group(1)) {
                    case "key" -> key;
                    case "relative" -> relative;
                    case "name" -> name;
                    case "stem" -> stem;
                    case "extension" -> extension;
                    case "bucket" -> source.bucket();
                    case "route" -> route.name().value();
                    default -> throw new IllegalStateException("parse() lets no other placeholder pass");
                }));
        try {
            var safe = new RemotePath(path);
            boolean any = route.delivery() != null && route.delivery().names() == Delivery.Names.ANY;
            String danger = any ? null : safe.danger(fixed());
            return danger == null
                    ? new Expansion.Path(safe)
                    : badName(key, danger + "; with 'deliver.names: any' the route delivers it");
        } catch (IllegalArgumentException e) {
            return badName(key, String.valueOf(e.getMessage()));
        }
    }

    private Expansion badName(String key, String why) {
        return new Expansion.BadName("the key '" + Texts.exact(key) + "' gives no safe path with '" + text + "': "
                + why);
    }

    /** The directories that every path has, with a slash at the end. */
    private String fixed() {
        int placeholder = text.indexOf('{');
        return text.substring(0, text.lastIndexOf('/', placeholder < 0 ? text.length() : placeholder) + 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathTemplate that && text.equals(that.text) && literal == that.literal;
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
