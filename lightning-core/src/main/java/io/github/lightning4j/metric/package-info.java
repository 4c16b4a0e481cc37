/**
 * Running measures over the batches of an epoch: {@link io.github.lightning4j.metric.Accuracy} and {@link
 * io.github.lightning4j.metric.MeanMetric}.
 */
@NullMarked
package io.github.lightning4j.metric;

import org.jspecify.annotations.NullMarked;
