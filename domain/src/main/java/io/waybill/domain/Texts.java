package io.waybill.domain;

import org.jspecify.annotations.Nullable;

/**
 * Bounds of free texts. The writer of an event may write anything. A state, a history entry or a letter that does not
 * fit into a record would stop the stream at that event for ever.
 */
public final class Texts {
    private Texts() {}

    /**
     * The text, or its beginning with a mark that replaces the rest. It never halves a character.
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

    /** The same for a text that may be absent. */
    static @Nullable String cutIfThere(@Nullable String text, int longest) {
        return text == null ? null : cut(text, longest);
    }

    /**
     * Refuses a long text that is part of an identity, and so cannot be cut.
     *
     * @throws IllegalArgumentException with the name of the text and its length
     */
    static void refuseLonger(String what, @Nullable String text, int longest) {
        if (text != null && text.length() > longest) {
            throw new IllegalArgumentException(
                    what + " has " + text.length() + " characters, more than " + longest);
        }
    }
}
