package io.waybill.launcher.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines that fit a screen. Colours take no room. */
final class Wrapping {
    /** The colours that {@link Terminal} gives. */
    static final Pattern STYLE = Pattern.compile("\u001b\\[(?:0|1|2|3[123])m");

    private Wrapping() {}

    /** The text, or its beginning with a mark that replaces the rest. Cuts no colours: the text must have none. */
    static String cut(String text, int columns) {
        if (DisplayWidth.of(text) <= columns) {
            return text;
        }
        return text.substring(0, DisplayWidth.fitting(text, Math.max(0, columns - 1))) + "…";
    }

    /** As {@link #cut}, for a line with colours, which then loses them. */
    static String cutColoured(String line, int columns) {
        return width(line) <= columns ? line : cut(STYLE.matcher(line).replaceAll(""), columns);
    }

    /** Breaks a line at spaces, or within a word that is too long. The further lines are indented like the first, and more. */
    static List<String> wrap(String line, int columns) {
        if (width(line) <= columns) {
            return List.of(line);
        }
        int lead = Math.min(line.length() - line.stripLeading().length() + 4, Math.max(0, columns / 3));
        String indent = " ".repeat(lead);
        var lines = new ArrayList<String>();
        String rest = line;
        while (width(rest) > columns) {
            int end = breakAt(rest, columns);
            lines.add(rest.substring(0, end).stripTrailing());
            rest = indent + rest.substring(end).stripLeading();
        }
        if (!rest.isBlank()) {
            lines.add(rest);
        }
        return lines;
    }

    /** Where the first line ends: after its last space, or else where the screen ends. */
    private static int breakAt(String line, int columns) {
        int firstWord = line.length() - line.stripLeading().length();
        int space = -1;
        int shown = 0;
        int i = 0;
        Matcher style = STYLE.matcher(line);
        while (i < line.length()) {
            if (style.find(i) && style.start() == i) {
                i = style.end();
                continue;
            }
            shown += DisplayWidth.of(line.codePointAt(i));
            // A line has at least one character, however narrow the screen is.
            if (shown > columns && i > 0) {
                break;
            }
            if (line.charAt(i) == ' ' && i > firstWord) {
                space = i;
            }
            i = line.offsetByCodePoints(i, 1);
        }
        boolean atWordEnd = i < line.length() && line.charAt(i) == ' ';
        return atWordEnd || space <= firstWord ? i : space + 1;
    }

    private static int width(String line) {
        String plain = STYLE.matcher(line).replaceAll("");
        return DisplayWidth.of(plain);
    }
}
