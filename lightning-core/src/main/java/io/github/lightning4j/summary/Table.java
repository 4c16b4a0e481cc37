package io.github.lightning4j.summary;

import io.github.lightning4j.LogItem;
import io.github.lightning4j.internal.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The layers of a module in aligned columns; those of a forward pass are left out where there was none. */
final class Table {
    private static final Set<String> RIGHT_ALIGNED = Set.of("#", "Params", "FLOPs");

    private Table() {}

    /** The cells below their headings. */
    static LogItem.Table cells(List<Layer> layers, boolean hasPass) {
        List<List<String>> rows = new ArrayList<>();
        for (Layer layer : layers) {
            rows.add(row(rows.size(), layer, hasPass));
        }
        return new LogItem.Table(
                hasPass
                        ? List.of("#", "Name", "Type", "Params", "Mode", "FLOPs", "In", "Out")
                        : List.of("#", "Name", "Type", "Params", "Mode", "Out"),
                rows);
    }

    private static List<String> row(int index, Layer layer, boolean hasPass) {
        List<String> row = new ArrayList<>(List.of(
                layer.name().equals("other params") ? "" : Integer.toString(index),
                layer.name(),
                layer.type(),
                layer.parameters() == 0 ? "" : Footer.grouped(layer.parameters()),
                mode(layer)));
        if (hasPass) {
            row.add(layer.flops() == null ? "" : layer.flops().toString());
            row.add(Sizes.text(layer.inputs()));
        }
        row.add(Sizes.text(layer.outputs()));
        return row;
    }

    private static String mode(Layer layer) {
        String frozen = switch (layer.trainable()) {
            case "no" -> "frozen";
            case "partly" -> "partly frozen";
            default -> "";
        };
        return layer.mode().isEmpty() || frozen.isEmpty() ? layer.mode() + frozen : layer.mode() + ", " + frozen;
    }

    static String of(List<Layer> layers, boolean hasPass) {
        if (layers.isEmpty()) {
            return "";
        }
        LogItem.Table cells = cells(layers, hasPass);
        List<List<String>> rows = new ArrayList<>();
        rows.add(cells.columns());
        rows.addAll(cells.rows());
        return TextTable.of(
                rows, column -> RIGHT_ALIGNED.contains(cells.columns().get(column)));
    }
}
