package io.waybill.launcher.cli.audit;

import io.waybill.domain.Texts;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Lines of CSV (RFC 4180). Anybody can write a reason or a key, and the reader may be a spreadsheet: a cell that would be
 * a formula there begins with an apostrophe, and control characters are visible.
 */
final class Csv {
    private static final String FORMULA = "=+-@";

    private Csv() {}

    static String line(String... cells) {
        return Arrays.stream(cells).map(Csv::cell).collect(Collectors.joining(","));
    }

    static String cell(String text) {
        String shown = Texts.printable(text);
        boolean formula = !shown.isEmpty() && FORMULA.indexOf(shown.charAt(0)) >= 0;
        String safe = formula ? "'" + shown : shown;
        return safe.chars().anyMatch(c -> c == ',' || c == '"')
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }
}
