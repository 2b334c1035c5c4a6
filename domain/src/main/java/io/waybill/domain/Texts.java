package io.waybill.domain;

import org.jspecify.annotations.Nullable;

/**
 * Bounds of free texts. Whoever writes an event may write what they like, and a state, a history entry or a letter that no
 * longer fits into a record would stop the stream at that event for ever.
 */
public final class Texts {
    private Texts() {}

    /**
     * The text, or its beginning with a mark where the rest was; a character is never halved.
     *
     * @param longest characters kept, the mark included; 2 or more
     */
    public static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = longest - 1;
        boolean halved = Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, halved ? end - 1 : end) + "…";
    }

    /** The same, of a text that need not be there. */
    static @Nullable String cutIfThere(@Nullable String text, int longest) {
        return text == null ? null : cut(text, longest);
    }

    /**
     * Refuses a text that is part of an identity, and so cannot be cut.
     *
     * @throws IllegalArgumentException that says which one and how long it was
     */
    static void refuseLonger(String what, @Nullable String text, int longest) {
        if (text != null && text.length() > longest) {
            throw new IllegalArgumentException(
                    what + " has " + text.length() + " characters, more than " + longest);
        }
    }
}
