package io.github.lightning4j.trainer.internal.option;

import io.github.lightning4j.GradientClipAlgorithm;

/**
 * What becomes of gradients before an optimizer steps.
 *
 * @param accumulateGradBatches batches per optimizer step
 * @param gradientClipVal the clipping value, or 0 for none
 * @param gradientClipAlgorithm by norm or by value
 * @param detectAnomaly whether the first number that is not finite ends the fit
 */
public record GradientOptions(
        int accumulateGradBatches,
        double gradientClipVal,
        GradientClipAlgorithm gradientClipAlgorithm,
        boolean detectAnomaly) {}
