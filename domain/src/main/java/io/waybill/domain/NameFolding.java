package io.waybill.domain;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Which names a server takes for one. Two paths meet in one file where their folded texts are equal; so the lane of a path,
 * and whatever asks whether two paths are the same, go by the folded text. The names are values of the configuration.
 */
public enum NameFolding {
    /** Names that differ are different files. */
    NONE,
    /** Letter case does not count: servers on Windows, or on a file system that folds it. */
    CASE,
    /** Composed and decomposed letters are the same: "é" as one character or as "e" with an accent. */
    UNICODE,
    /** Both: servers on macOS. */
    BOTH;

    /** The folding of a server that folds the one, the other or both. */
    public static NameFolding of(boolean letterCase, boolean unicode) {
        return letterCase ? unicode ? BOTH : CASE : unicode ? UNICODE : NONE;
    }

    /**
     * What two paths that meet have in common; the path itself where nothing is folded. Not a path to send to anybody. Where
     * servers differ it folds more rather than less: "ß" with "ss", "ı" with "i".
     */
    public String fold(RemotePath path) {
        String text = path.value();
        return switch (this) {
            case NONE -> text;
            case CASE -> caseless(text);
            case UNICODE -> Normalizer.normalize(text, Normalizer.Form.NFC);
            // Decomposed first, so that an accent written apart does not keep a letter from being folded.
            case BOTH ->
                Normalizer.normalize(
                        caseless(Normalizer.normalize(text, Normalizer.Form.NFD)), Normalizer.Form.NFC);
        };
    }

    /** Whether two paths are one name at the server. */
    public boolean meet(RemotePath one, RemotePath other) {
        return one.equals(other) || this != NONE && fold(one).equals(fold(other));
    }

    /** Upper case brings "ß" to "SS", lower case before it brings "ẞ" to "ß"; the same in every country. */
    private static String caseless(String text) {
        return text.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
