package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.Metric;
import io.github.lightning4j.MetricValue;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.List;

/**
 * A metric with the least and the largest value it has had: {@code raw}, {@code max} and {@code min}. A value counts when the
 * metric is reset, thus at the end of each epoch, and while it is the newest; in torchmetrics each that is computed counts.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/wrappers/minmax.html">torchmetrics</a>
 */
public final class MinMaxMetric implements BatchMetric {
    private static final List<String> NAMES = List.of("raw", "max", "min");

    private final BatchMetric metric;
    private final MaxMetric largest = new MaxMetric();
    private final MinMetric least = new MinMetric();

    /**
     * Wraps a metric.
     *
     * @param metric a metric of one number
     */
    public MinMaxMetric(BatchMetric metric) {
        this.metric = metric;
    }

    @Override
    public void update(NDArray predictions, NDArray target) {
        metric.update(predictions, target);
    }

    @Override
    public double compute() {
        return value().number();
    }

    @Override
    public MetricValue value() {
        double raw = metric.compute();
        return new MetricValue.Vector(
                NAMES, List.of(raw, beside(largest.compute(), raw, largest), beside(least.compute(), raw, least)));
    }

    private static double beside(double before, double raw, Extreme by) {
        if (Double.isNaN(before)) {
            return raw;
        }
        return Double.isNaN(raw) ? before : by.better(before, raw);
    }

    /** Forgets everything but the extremes. */
    @Override
    public void reset() {
        double raw = metric.compute();
        if (!Double.isNaN(raw)) {
            largest.update(raw);
            least.update(raw);
        }
        metric.reset();
    }

    @Override
    public Metric sinceReset() {
        return metric.sinceReset();
    }

    @Override
    public void save(StateWriter state) {
        metric.save(state.child("metric"));
        largest.save(state.child("max"));
        least.save(state.child("min"));
    }

    @Override
    public void load(StateReader state) {
        metric.load(state.child("metric"));
        largest.load(state.child("max"));
        least.load(state.child("min"));
    }

    @Override
    public void close() {
        metric.close();
    }
}
