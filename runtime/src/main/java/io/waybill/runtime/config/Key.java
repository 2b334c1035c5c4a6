package io.waybill.runtime.config;

import java.util.Optional;

/**
 * A key of the configuration as data: the reader, the table of the documents and the schema for editors come from it.
 *
 * @param name     within its section
 * @param fallback the default value; empty if there is none, or if it depends on other keys
 * @param absence  the effect if no value is given, for the table; empty if there is none
 * @param meaning  one sentence, for people
 * @param link     where docs/configuration.md says more, relative to it; empty if nowhere
 */
public record Key<T>(String name, KeyType<T> type, Optional<T> fallback, String absence, String meaning, String link)
        implements SectionEntry {

    /** A key with a default. */
    public static <T> Key<T> of(String name, KeyType<T> type, T fallback, String meaning) {
        return new Key<>(name, type, Optional.of(fallback), "`" + type.printer().apply(fallback) + "`", meaning, "");
    }

    /** A key that must be given. */
    public static <T> Key<T> required(String name, KeyType<T> type, String meaning) {
        return optional(name, type, "required", meaning);
    }

    /** A key that may be absent. */
    public static <T> Key<T> optional(String name, KeyType<T> type, String absence, String meaning) {
        return new Key<>(name, type, Optional.empty(), absence, meaning, "");
    }

    /** The same key, with a link to more text in the documents. */
    public Key<T> see(String further) {
        return new Key<>(name, type, fallback, absence, meaning, further);
    }
}
