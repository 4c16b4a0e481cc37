/**
 * Running measures over the batches of an epoch: of classification, such as {@link io.github.lightning4j.metric.Accuracy}
 * and {@link io.github.lightning4j.metric.AUROC}, of regression, such as {@link
 * io.github.lightning4j.metric.MeanSquaredError}, of numbers, such as {@link io.github.lightning4j.metric.MeanMetric}, and
 * what wraps them, such as {@link io.github.lightning4j.metric.MetricCollection}.
 */
@NullMarked
package io.github.lightning4j.metric;

import org.jspecify.annotations.NullMarked;
