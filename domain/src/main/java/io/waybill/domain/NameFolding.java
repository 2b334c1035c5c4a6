package io.waybill.domain;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which names a server regards as the same. Two paths are one file if their folded texts are equal. So the lane of a
 * path, and every comparison of two paths, use the folded text. The names are values of the configuration.
 */
public enum NameFolding {
    /** Names that differ are different files. */
    NONE,
    /**
     * Letter case does not count: servers on Windows, or on a file system that folds it. Two more things that Windows
     * does to names do not count either: it drops dots and spaces at the end of a name, and it reads a backslash as a
     * slash.
     */
    CASE,
    /** Composed and decomposed letters are the same: "é" as one character or as "e" with an accent. */
    UNICODE,
    /** Both, with everything that {@link #CASE} folds: servers on macOS. */
    BOTH;

    private static final Pattern DROPPED_AT_THE_END = Pattern.compile("(?<![. ])[. ]++(?=/|$)");

    /** The folding of a server that folds letter case, Unicode, both or neither. */
    public static NameFolding of(boolean letterCase, boolean unicode) {
        return letterCase ? unicode ? BOTH : CASE : unicode ? UNICODE : NONE;
    }

    /**
     * The text that two equal paths share; the path itself if nothing is folded. Never send it to a server. Where
     * servers differ, it folds more rather than less: "ß" with "ss", "ı" with "i", "a." with "a".
     */
    public String fold(RemotePath path) {
        String text = path.value();
        return switch (this) {
            case NONE -> text;
            case CASE -> caseless(text);
            case UNICODE -> Normalizer.normalize(text, Normalizer.Form.NFC);
            // Decomposed first, so that a separate accent does not keep a letter from being folded.
            case BOTH ->
                Normalizer.normalize(
                        caseless(Normalizer.normalize(text, Normalizer.Form.NFD)), Normalizer.Form.NFC);
        };
    }

    /** Whether the server regards two paths as one name. */
    public boolean meet(RemotePath one, RemotePath other) {
        return one.equals(other) || this != NONE && fold(one).equals(fold(other));
    }

    /**
     * Upper case turns "ß" into "SS". Lower case before it turns "ẞ" into "ß". The result is the same in every locale.
     */
    private static String caseless(String text) {
        String lower = text.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return DROPPED_AT_THE_END.matcher(lower.replace('\\', '/')).replaceAll("");
    }
}
