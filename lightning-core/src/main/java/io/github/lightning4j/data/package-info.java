/**
 * Data: {@link io.github.lightning4j.data.DataLoader} makes batches of any DJL dataset in an order that is a function
 * of (seed, epoch), {@link io.github.lightning4j.data.TensorDataset} keeps samples in memory, {@link
 * io.github.lightning4j.data.Splits} divides datasets and {@link io.github.lightning4j.data.Sources} adapts batches
 * that come from elsewhere. Random changes to samples are in {@code data.augment}, readers of IDX files in {@code
 * data.idx}.
 */
@NullMarked
package io.github.lightning4j.data;

import org.jspecify.annotations.NullMarked;
