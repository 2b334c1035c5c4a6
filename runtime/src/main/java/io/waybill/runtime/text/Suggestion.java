package io.waybill.runtime.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known word nearest to a mistyped one. */
public final class Suggestion {
    /** More words than this are no help in a message. */
    private static final int MOST_NAMED = 20;

    private Suggestion() {}

    /** A clause for the end of a message: the nearest word, or all if they are few, or nothing. */
    public static String of(String given, Collection<String> known) {
        return near(given, known)
                .map(word -> "; did you mean '" + word + "'?")
                .orElse(known.isEmpty() || known.size() > MOST_NAMED ? ""
                        : "; known here: " + String.join(", ", known));
    }

    /** The known word that a given one may be a mistyping of. */
    public static Optional<String> near(String given, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(word -> distance(given, word)))
                .filter(word -> distance(given, word) <= Math.max(2, word.length() / 3));
    }

    /** Levenshtein's distance, two rows at a time, ignoring case. */
    private static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
