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
     * The text with every character escaped that would act on what shows it, or not be seen at all: {@code \\n} for the
     * end of a line, {@code \\u001b} for the beginning of a command to a terminal, {@code \\u200b} for a space without a
     * width. Names and messages come from strangers. With a line of their own they would forge a log line, and with marks
     * of direction they would show another name. Logs, tables and reports use this method or {@link #exact}, and no other.
     *
     * <p>A text that is printable already stays as it is. So it is for sentences and lines whose names are exact.
     */
    public static String printable(String text) {
        return shown(text, false);
    }

    /**
     * The same for a name, such as a key or a path, that people must be able to tell from every other: a backslash of the
     * name is doubled, so that none looks like the beginning of an escape.
     */
    public static String exact(String name) {
        return shown(name, true);
    }

    private static String shown(String text, boolean exact) {
        if (text.codePoints().noneMatch(c -> unseen(c) || exact && c == '\\')) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                case '\\' -> shown.append(exact ? "\\\\" : "\\");
                default -> append(shown, c);
            }
        });
        return shown.toString();
    }

    /** A character with more than four digits as its two halves, as JSON has it: with five digits the end would not be seen. */
    private static void append(StringBuilder shown, int c) {
        if (!unseen(c)) {
            shown.appendCodePoint(c);
            return;
        }
        for (char half : Character.toChars(c)) {
            shown.append(String.format(Locale.ROOT, "\\u%04x", (int) half));
        }
    }

    /** The text without the users and passwords that addresses in it have: {@code https://(secret)@host}. */
    public static String masked(String text) {
        return IN_ADDRESS.matcher(text).replaceAll("(secret)@");
    }

    /**
     * Control characters, ends of lines, marks of direction and of format, halves of characters, spaces that are not the
     * one of the space bar, and what fonts leave out.
     */
    private static boolean unseen(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE,
                    Character.FORMAT ->
                true;
            // The one of Chinese and Japanese is as wide as their characters, and seen.
            case Character.SPACE_SEPARATOR -> c != ' ' && c != 0x3000;
            case Character.NON_SPACING_MARK ->
                c == 0x034F
                        || c >= 0x17B4 && c <= 0x17B5
                        || c >= 0x180B && c <= 0x180F
                        || c >= 0xFE00 && c <= 0xFE0F
                        || c >= 0xE0100 && c <= 0xE01EF;
            case Character.OTHER_LETTER -> c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0;
            case Character.OTHER_SYMBOL -> c == 0x2800;
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
