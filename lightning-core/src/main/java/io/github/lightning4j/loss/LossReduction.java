package io.github.lightning4j.loss;

/** What becomes of the losses of single elements. */
public enum LossReduction {
    /** Nothing: the loss has one value an element. */
    NONE,
    /** Their mean; where classes have weights, the mean weighted by them. */
    MEAN,
    /** Their sum. */
    SUM;

    /** The number by which ATen knows it. */
    int code() {
        return ordinal();
    }

    /** Applied to an expression in TorchScript. */
    String of(String expression) {
        return this == NONE ? expression : "(" + expression + ")." + (this == MEAN ? "mean()" : "sum()");
    }
}
