package io.github.lightning4j.summary;

import io.github.lightning4j.LogItem;
import java.util.ArrayList;
import java.util.List;

/** Aligned columns between two rules. */
final class Table {
    private static final List<String> HEADER = List.of("Name", "Type", "Params", "Trainable", "Output shape");
    private static final int RIGHT_ALIGNED = 2;
    private static final String GAP = "  ";

    private Table() {}

    /** The cells below their headings. */
    static LogItem.Table cells(List<Layer> layers) {
        return new LogItem.Table(HEADER, layers.stream().map(Table::row).toList());
    }

    private static List<String> row(Layer layer) {
        String parameters = layer.parameters() == 0 ? "" : ParameterTotals.grouped(layer.parameters());
        return List.of(layer.name(), layer.type(), parameters, layer.trainable(), layer.outputShape());
    }

    static String of(List<Layer> layers) {
        if (layers.isEmpty()) {
            return "";
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        layers.forEach(layer -> rows.add(row(layer)));
        int[] widths = widths(rows);
        String rule = "-".repeat(totalWidth(widths)) + System.lineSeparator();
        StringBuilder table = new StringBuilder(rule);
        for (int i = 0; i < rows.size(); i++) {
            table.append(line(rows.get(i), widths)).append(i == 0 ? rule : "");
        }
        return table.append(rule).toString();
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[HEADER.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    private static int totalWidth(int[] widths) {
        int total = GAP.length() * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        return total;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String padding = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : GAP);
            line.append(column == RIGHT_ALIGNED ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing() + System.lineSeparator();
    }
}
