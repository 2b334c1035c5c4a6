package io.waybill.launcher.terminal;

import io.waybill.domain.Texts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows in columns as wide as their widest cell. The last column is not padded. Cells contain no colours. */
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<Boolean> right;

    /**
     * @param headers a leading '>' aligns the column to the right
     */
    public Table(String... headers) {
        right = List.of(headers).stream().map(header -> header.startsWith(">")).toList();
        rows.add(List.of(headers).stream().map(header -> header.replaceFirst("^>", "")).toList());
    }

    public void row(String... cells) {
        if (cells.length != right.size()) {
            throw new IllegalArgumentException(right.size() + " cells make a row, but there are " + cells.length);
        }
        // Cells hold names of strangers.
        rows.add(Arrays.stream(cells).map(Texts::printable).toList());
    }

    /** The header, then the rows. */
    public List<String> lines() {
        int[] widths = new int[right.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - width(row.get(i)));
            line.append(i == 0 ? "" : GAP);
            line.append(right.get(i) ? padding + row.get(i) : row.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
