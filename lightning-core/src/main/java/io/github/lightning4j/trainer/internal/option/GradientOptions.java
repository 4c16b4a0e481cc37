package io.github.lightning4j.trainer.internal.option;

import io.github.lightning4j.GradientClipAlgorithm;

/**
 * What becomes of gradients before an optimizer steps.
 *
 * @param accumulateGradBatches batches per optimizer step
 * @param gradientClipVal the clipping value, or 0 for none
 * @param gradientClipAlgorithm by norm or by value
 */
public record GradientOptions(
        int accumulateGradBatches, double gradientClipVal, GradientClipAlgorithm gradientClipAlgorithm) {
    /** The optimizer steps in so many batches of an epoch, whose last window may be short; -1 if the batches are not known. */
    public long steps(long batches) {
        return batches < 0 ? -1 : -Math.floorDiv(-batches, (long) accumulateGradBatches);
    }
}
