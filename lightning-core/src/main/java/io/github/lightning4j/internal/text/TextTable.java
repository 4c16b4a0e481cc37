package io.github.lightning4j.internal.text;

import java.util.List;
import java.util.function.IntPredicate;

/** Aligned columns between two rules. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows;
    private final IntPredicate rightAligned;
    private final int[] widths;

    private TextTable(List<List<String>> rows, IntPredicate rightAligned) {
        this.rows = rows;
        this.rightAligned = rightAligned;
        this.widths = widths(rows);
    }

    /** The table, the first row as its header above a rule of its own; each line ends in a separator. */
    public static String of(List<List<String>> rows, IntPredicate rightAligned) {
        return new TextTable(rows, rightAligned).text();
    }

    private String text() {
        String rule = "-".repeat(totalWidth()) + System.lineSeparator();
        StringBuilder table = new StringBuilder(rule);
        for (int i = 0; i < rows.size(); i++) {
            table.append(line(rows.get(i))).append(i == 0 ? rule : "");
        }
        return table.append(rule).toString();
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    private int totalWidth() {
        int total = GAP.length() * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        return total;
    }

    private String line(List<String> row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String padding = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : GAP);
            line.append(rightAligned.test(column) ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing() + System.lineSeparator();
    }
}
