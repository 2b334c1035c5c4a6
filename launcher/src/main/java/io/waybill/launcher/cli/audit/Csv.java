package io.waybill.launcher.cli.audit;

import io.waybill.domain.Texts;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lines of CSV (RFC 4180). Anybody can write a reason or a key, and the reader may be a spreadsheet: a cell that would be
 * a formula there begins with an apostrophe, and control characters are visible. Where a comma divides the digits of a number,
 * spreadsheets take the semicolon for what divides cells, so what follows one is treated alike.
 */
final class Csv {
    /** The wide forms of these characters begin a formula, too. */
    private static final Pattern FORMULA =
            Pattern.compile("(?<=^|;)(?=\\h*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20])");

    private Csv() {}

    static String line(String... cells) {
        return Arrays.stream(cells).map(Csv::cell).collect(Collectors.joining(","));
    }

    static String cell(String text) {
        String safe = FORMULA.matcher(Texts.exact(text)).replaceAll("'");
        return safe.chars().anyMatch(c -> c == ',' || c == '"')
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }
}
