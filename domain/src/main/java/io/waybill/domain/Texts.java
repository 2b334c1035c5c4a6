package io.waybill.domain;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of free texts, and their form where people read them. The writer of an event may write anything. A state, a history entry or a letter that does not
 * fit into a record would stop the stream at that event for ever.
 */
public final class Texts {
    /** A user, and perhaps a password, before the host of an address. */
    private static final Pattern IN_ADDRESS = Pattern.compile("(?<=://)[^/?#\\s\"']+@");

    private Texts() {}

    /**
     * The text with every character escaped that would act on what shows it instead of being shown: {@code \\n} for the
     * end of a line, {@code \\u001b} for the beginning of a command to a terminal. Names and messages come from strangers.
     * With a line of their own they would forge a log line, and with marks of direction they would show another name.
     * Logs, tables and reports use this method, and no other.
     */
    public static String printable(String text) {
        if (text.codePoints().noneMatch(Texts::acts)) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (!acts(c)) {
                shown.appendCodePoint(c);
            } else if (c == '\n') {
                shown.append("\\n");
            } else if (c == '\r') {
                shown.append("\\r");
            } else if (c == '\t') {
                shown.append("\\t");
            } else {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        });
        return shown.toString();
    }

    /** The text without the users and passwords that addresses in it have: {@code https://(secret)@host}. */
    public static String masked(String text) {
        return IN_ADDRESS.matcher(text).replaceAll("(secret)@");
    }

    /** Control characters, ends of lines, marks of direction, and halves of characters. */
    private static boolean acts(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT ->
                c == 0x061C
                        || c == 0x200E
                        || c == 0x200F
                        || c >= 0x202A && c <= 0x202E
                        || c >= 0x2066 && c <= 0x2069;
            default -> false;
        };
    }

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
