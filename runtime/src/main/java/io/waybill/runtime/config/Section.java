package io.waybill.runtime.config;

import java.util.List;

/**
 * A section of the configuration as data.
 *
 * @param meaning one sentence, for people
 * @param entries in the order of the documents; for a {@link Kind#NAMED} section, the entries below each name
 * @param own     keys that stand beside the names of a {@link Kind#NAMED} section, so that no name can be theirs
 */
public record Section(String name, Kind kind, String meaning, List<SectionEntry> entries, List<Key<?>> own)
        implements SectionEntry {
    /** Which keys a section may have. */
    public enum Kind {
        /** Those of its entries. */
        FIXED,
        /** Names that the operator chooses, each with the same entries. */
        NAMED,
        /** Any, with single values that Waybill passes on; its entries are those that the documents describe. */
        FREE
    }

    /** A section of a fixed set of keys. */
    public static Section fixed(String name, String meaning, SectionEntry... entries) {
        return new Section(name, Kind.FIXED, meaning, List.of(entries), List.of());
    }

    static Section named(String name, String meaning, SectionEntry... entries) {
        return named(name, meaning, List.of(), entries);
    }

    /** A section of names that the operator chooses, and of keys of its own beside them. */
    public static Section named(String name, String meaning, List<Key<?>> own, SectionEntry... entries) {
        return new Section(name, Kind.NAMED, meaning, List.of(entries), own);
    }

    static Section free(String name, String meaning, SectionEntry... entries) {
        return new Section(name, Kind.FREE, meaning, List.of(entries), List.of());
    }

    /** A section for one name of a {@link Kind#NAMED} section. */
    Section under(String chosen) {
        return new Section(chosen, Kind.FIXED, meaning, entries, List.of());
    }
}
