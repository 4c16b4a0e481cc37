package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.Metric;

/** A metric of numbers that come from elsewhere, such as losses. A NaN makes it NaN; torchmetrics leaves it out. */
public abstract class Aggregation implements Metric {
    Aggregation() {}

    /**
     * Adds a number.
     *
     * @param value the number
     */
    public abstract void update(double value);

    /**
     * Adds every element of an array.
     *
     * @param values numbers of any shape and dtype
     */
    public final void update(NDArray values) {
        for (double value : Numbers.of(values)) {
            update(value);
        }
    }
}
