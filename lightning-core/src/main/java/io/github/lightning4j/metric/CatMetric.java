package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All numbers in their order, 8 bytes each. It is not one number; {@link #value()} is a curve of them by position.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/aggregation.html">torchmetrics</a>
 */
public final class CatMetric extends Aggregation {
    private final GrowingDoubles numbers = new GrowingDoubles();

    /** Creates an empty one. */
    public CatMetric() {}

    @Override
    public void update(double value) {
        numbers.add(value);
    }

    /**
     * The numbers.
     *
     * @return a copy
     */
    public double[] toArray() {
        return numbers.toArray();
    }

    @Override
    public double compute() {
        return value().number();
    }

    @Override
    public MetricValue value() {
        List<Double> positions =
                IntStream.range(0, numbers.size()).mapToObj(i -> (double) i).toList();
        List<Double> values = ConfusionMetric.list(numbers.toArray());
        return new MetricValue.Curve(
                "position", "value", List.of(new MetricValue.Line("", positions, values, List.of())));
    }

    @Override
    public void reset() {
        numbers.clear();
    }

    @Override
    public void save(StateWriter state) {
        numbers.save(state, "numbers");
    }

    @Override
    public void load(StateReader state) {
        numbers.load(state, "numbers");
    }
}
