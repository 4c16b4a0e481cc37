/**
 * Running measures over the batches of an epoch: of classification, such as {@link io.github.lightning4j.metric.Accuracy},
 * of regression, such as {@link io.github.lightning4j.metric.MeanSquaredError}, and the {@link
 * io.github.lightning4j.metric.MeanMetric}.
 */
@NullMarked
package io.github.lightning4j.metric;

import org.jspecify.annotations.NullMarked;
