package io.waybill.runtime.config;

/** What a section holds: a key, or a section of keys. */
public sealed interface SectionEntry permits Key, Section {
    String name();

    /** One sentence, for people. */
    String meaning();
}
