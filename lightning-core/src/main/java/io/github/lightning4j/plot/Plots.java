package io.github.lightning4j.plot;

import io.github.lightning4j.MetricValue;
import java.util.List;

/** The plot that suits a value. */
public final class Plots {
    private Plots() {}

    /**
     * Draws what a metric has computed: a matrix as a heat map, curves as lines, numbers as a heat map of one column.
     *
     * @param title what stands above it
     * @param value the value, such as that of a {@code ConfusionMatrix} or an {@code ROC}
     * @return the plot
     */
    public static Plot of(String title, MetricValue value) {
        if (value instanceof MetricValue.Matrix matrix) {
            return MatrixPlot.of(title, matrix);
        }
        if (value instanceof MetricValue.Curve curve) {
            return LinePlot.builder(title).curves(curve).build();
        }
        List<List<Double>> column = value.numbers().stream().map(List::of).toList();
        List<String> names = List.copyOf(value.scalars().keySet());
        return MatrixPlot.of(title, new MetricValue.Matrix(names, List.of(""), column));
    }
}
