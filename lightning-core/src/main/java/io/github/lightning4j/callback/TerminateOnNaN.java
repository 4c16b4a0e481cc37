package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.Callback;
import io.github.lightning4j.Run;
import io.github.lightning4j.internal.torch.Tensors;

/**
 * Ends the fit at the first loss that is NaN or infinite. Its batch is left out, as if {@code trainingStep} had returned null,
 * so that the weights stay as they were and can be saved; a module that optimizes by itself finishes the batch.
 *
 * <p>The reason is in the fit's result: {@code the loss is NaN in epoch 3, batch 17}. Every loss is read, which costs half a
 * microsecond on the CPU; on a GPU it waits for the device.
 */
public final class TerminateOnNaN implements Callback {
    /** Creates the callback. */
    public TerminateOnNaN() {}

    @Override
    public void onBeforeBackward(Run run, NDArray loss) {
        double value = Tensors.toDouble(loss);
        if (run.isReevaluating() || Double.isFinite(value)) {
            return;
        }
        run.requestStop("the loss is " + value + " in epoch " + run.epoch() + ", batch " + run.batchesDone());
        if (run.module().automaticOptimization()) {
            run.skipBatch();
        }
    }
}
