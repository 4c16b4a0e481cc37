package io.github.lightning4j.summary;

import io.github.lightning4j.LogItem;
import io.github.lightning4j.internal.text.TextTable;
import java.util.ArrayList;
import java.util.List;

/** The layers of a module in aligned columns. */
final class Table {
    private static final List<String> HEADER = List.of("Name", "Type", "Params", "Trainable", "Output shape");
    private static final int RIGHT_ALIGNED = 2;

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
        return TextTable.of(rows, column -> column == RIGHT_ALIGNED);
    }
}
