package io.github.lightning4j;

/** How gradients are clipped. */
public enum GradientClipAlgorithm {
    /** The global 2-norm over all of an optimizer's parameters, as torch's {@code clip_grad_norm_}. */
    NORM,
    /** Each element to the interval from -value to value, as torch's {@code clip_grad_value_}. */
    VALUE
}
