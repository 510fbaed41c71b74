package io.cospace.evaluate;

import java.util.ArrayList;
import java.util.List;

/** Aligned columns of plain text: the first columns to the left, numbers to the right. */
final class TextTable {
    private final int left;
    private final List<List<String>> rows = new ArrayList<>();

    /** A table whose first {@code left} columns are texts, the others numbers. */
    TextTable(int left, String... header) {
        this.left = left;
        rows.add(List.of(header));
    }

    void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells in a table of " + rows.getFirst().size());
        }
        rows.add(List.of(cells));
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], width(row.get(c)));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String pad = " ".repeat(widths[c] - width(row.get(c)));
                line.append(c < left ? row.get(c) + pad : pad + row.get(c)).append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
