package io.github.lightning4j;

/** Which value of a {@link Metric} is that of a step, where it is logged with {@link LogOptions#onStep}. */
public enum StepValue {
    /** Over everything since the epoch began, or the evaluation. */
    SO_FAR,

    /** Over this step alone, as torchmetrics' {@code forward} gives it; the metric is a {@code StepMetric} for that. */
    ALONE
}
