package io.waybill.launcher.terminal;

/** How many columns of a screen a text takes: two for a Chinese character, none for an accent over the letter before it. */
final class DisplayWidth {
    /** First and last of what terminals show two columns wide, besides emoji: Unicode's East_Asian_Width W and F. */
    private static final int[][] WIDE = {
            {0x1100, 0x115F}, // initial consonants of Hangul
            {0x2329, 0x232A},
            {0x2E80, 0x303E}, // radicals and punctuation
            {0x3041, 0x33FF}, // kana, and what stands in squares
            {0x3400, 0x4DBF},
            {0x4E00, 0xA4CF}, // Han and Yi
            {0xA960, 0xA97F},
            {0xAC00, 0xD7A3}, // syllables of Hangul
            {0xF900, 0xFAFF},
            {0xFE10, 0xFE19},
            {0xFE30, 0xFE6F},
            {0xFF01, 0xFF60}, // full width forms
            {0xFFE0, 0xFFE6},
            {0x16FE0, 0x18DFF}, // Tangut and Khitan
            {0x1AFF0, 0x1B2FF}, // kana
            {0x1F200, 0x1F2FF},
            {0x20000, 0x2FFFD},
            {0x30000, 0x3FFFD},
    };

    private DisplayWidth() {}

    static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    static int of(int c) {
        if (c < 0x300) {
            return 1;
        }
        if (over(c)) {
            return 0;
        }
        return Character.isEmojiPresentation(c) || within(c) ? 2 : 1;
    }

    /** Whether it is drawn over what stands before it. */
    private static boolean over(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> true;
            // Vowels and final consonants of Hangul complete a syllable.
            default -> c >= 0x1160 && c <= 0x11FF;
        };
    }

    private static boolean within(int c) {
        for (int[] range : WIDE) {
            if (c <= range[1]) {
                return c >= range[0];
            }
        }
        return false;
    }

    /** The length of the longest beginning of a text that takes no more columns. */
    static int fitting(String text, int columns) {
        int taken = 0;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            taken += of(c);
            if (taken > columns) {
                return i;
            }
            i += Character.charCount(c);
        }
        return i;
    }
}
