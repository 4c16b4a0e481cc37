package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.DataException;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.torch.Tensors;

/**
 * The mean of numbers, each with a weight: Σ w x / Σ w; NaN of none.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/aggregation.html">torchmetrics</a>
 */
public final class MeanMetric extends Aggregation {
    private double weightedSum;
    private double totalWeight;

    /** Creates an empty mean. */
    public MeanMetric() {}

    /**
     * Adds a number with weight 1.
     *
     * @param value the number; NaN makes the mean NaN
     */
    @Override
    public void update(double value) {
        update(value, 1);
    }

    /**
     * Adds a number that stands for several.
     *
     * @param value the number, such as the mean of a batch; NaN makes the mean NaN
     * @param weight how much it counts, such as the size of the batch; 0 or more
     * @throws DataException if the weight is negative or not finite
     */
    public void update(double value, double weight) {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new DataException(
                    "MeanMetric weight is " + weight + ", but it must be a finite number of 0 or more.");
        }
        weightedSum += value * weight;
        totalWeight += weight;
    }

    /**
     * Adds a number held by an array.
     *
     * @param value one element of any dtype, such as a loss
     * @param weight how much it counts; 0 or more
     * @throws DataException if the array holds more or less than one element, or the weight is negative or not finite
     */
    public void update(NDArray value, double weight) {
        if (value.size() != 1) {
            throw new DataException("MeanMetric got an array of shape " + value.getShape()
                    + ", but takes one number at a time. Call mean() on it first.");
        }
        update(Tensors.toDouble(value), weight);
    }

    @Override
    public double compute() {
        return weightedSum / totalWeight;
    }

    @Override
    public void reset() {
        weightedSum = 0;
        totalWeight = 0;
    }

    @Override
    public void save(StateWriter state) {
        state.putDouble("weighted_sum", weightedSum);
        state.putDouble("total_weight", totalWeight);
    }

    @Override
    public void load(StateReader state) {
        weightedSum = state.getDouble("weighted_sum");
        totalWeight = state.getDouble("total_weight");
    }
}
