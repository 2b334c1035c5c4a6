package io.waybill.launcher.terminal;

import io.waybill.domain.Texts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows in columns as wide as their widest cell. The last column is not padded. Cells contain no colours.
 *
 * <p>On a narrow screen the columns that may be cut are cut. If that is not enough, each row becomes a paragraph with a
 * line for each cell.
 */
public final class Table {
    private static final String GAP = "  ";
    /** A column that is cut keeps at least so many columns of the screen. */
    private static final int NARROWEST = 12;

    private final List<List<String>> rows = new ArrayList<>();
    private final List<Boolean> right;
    private final List<Boolean> flexible;

    /**
     * @param headers a leading '>' aligns the column to the right; the cells of a column with a leading '~' may be cut
     */
    public Table(String... headers) {
        right = Arrays.stream(headers).map(header -> header.startsWith(">")).toList();
        flexible = Arrays.stream(headers).map(header -> header.startsWith("~")).toList();
        rows.add(Arrays.stream(headers).map(header -> header.replaceFirst("^[>~]", "")).toList());
    }

    public void row(String... cells) {
        if (cells.length != right.size()) {
            throw new IllegalArgumentException(right.size() + " cells make a row, but there are " + cells.length);
        }
        // Cells hold names of strangers.
        rows.add(Arrays.stream(cells).map(Texts::printable).toList());
    }

    /** The header, then the rows, however wide. */
    public List<String> lines() {
        int[] widths = widths();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    /**
     * The table for a screen.
     *
     * @param columns the width of the screen
     */
    public List<String> lines(int columns) {
        int[] widths = widths();
        while (sum(widths) > columns) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                if (flexible.get(i) && widths[i] > NARROWEST && (widest < 0 || widths[i] > widths[widest])) {
                    widest = i;
                }
            }
            if (widest < 0) {
                return paragraphs(columns);
            }
            widths[widest]--;
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private int[] widths() {
        int[] widths = new int[right.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return widths;
    }

    private static int sum(int[] widths) {
        return Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
    }

    private String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = Wrapping.cut(row.get(i), widths[i]);
            String padding = " ".repeat(widths[i] - width(cell));
            line.append(i == 0 ? "" : GAP);
            line.append(right.get(i) ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    /** The first cell, and below it the others with their headers. */
    private List<String> paragraphs(int columns) {
        var lines = new ArrayList<String>();
        int label = widths(rows.getFirst());
        for (List<String> row : rows.subList(1, rows.size())) {
            lines.addAll(Wrapping.wrap(row.getFirst(), columns));
            for (int i = 1; i < row.size(); i++) {
                String header = rows.getFirst().get(i);
                if (!row.get(i).isEmpty()) {
                    lines.addAll(Wrapping.wrap(
                            GAP + header + " ".repeat(label - width(header)) + GAP + row.get(i), columns));
                }
            }
        }
        return lines;
    }

    private static int widths(List<String> cells) {
        return cells.stream().skip(1).mapToInt(Table::width).max().orElse(0);
    }

    private static int width(String cell) {
        return DisplayWidth.of(cell);
    }
}
