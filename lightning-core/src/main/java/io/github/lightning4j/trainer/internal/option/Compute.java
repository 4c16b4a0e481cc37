package io.github.lightning4j.trainer.internal.option;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;

/**
 * What a run computes with.
 *
 * @param device where
 * @param precision the dtype of new parameters
 * @param threads libtorch's threads for one operation, or 0 to let it decide
 * @param benchmark whether cuDNN tries its algorithms out for each new shape
 */
public record Compute(Device device, DataType precision, int threads, boolean benchmark) {}
