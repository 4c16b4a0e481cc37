package io.github.lightning4j.trainer.internal.step;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Closure;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.MemoryScope;
import io.github.lightning4j.internal.torch.Tensors;
import io.github.lightning4j.internal.torch.TorchRandom;
import io.github.lightning4j.trainer.internal.log.Silence;
import io.github.lightning4j.trainer.internal.step.OptimizerSet.Reevaluation;
import org.jspecify.annotations.Nullable;

/**
 * The loss of the batch in hand, for an optimizer that evaluates it several times: the loop's own forward pass and backward
 * are the first evaluation, and the others do the same again, with the same random numbers and without being heard of.
 */
final class BatchClosure implements Closure {
    private final BatchLoss losses;
    private final OptimizerSet set;
    private final Batch batch;
    private final int index;
    private final long seed;
    private @Nullable NDArray known;

    BatchClosure(BatchLoss losses, OptimizerSet set, Batch batch, int index, long seed) {
        this.losses = losses;
        this.set = set;
        this.batch = batch;
        this.index = index;
        this.seed = seed;
    }

    /** Seeds libtorch for an evaluation. */
    void seed() {
        TorchRandom.seed(seed);
    }

    /** Says what the first evaluation gave. */
    void knows(NDArray loss) {
        known = loss;
    }

    @Override
    public double evaluate() {
        NDArray first = known;
        if (first != null) {
            known = null;
            return Tensors.toDouble(first);
        }
        try (MemoryScope scope = MemoryScope.open();
                Silence silence = set.book().silence();
                Reevaluation again = set.reevaluating();
                GradMode recording = GradMode.recording()) {
            seed();
            NDArray loss = losses.forward(batch, index);
            if (loss == null) {
                throw leftOut("trainingStep returned null");
            }
            losses.zeroGrad();
            if (!losses.passes(loss)) {
                throw leftOut("skipBatch was called");
            }
            losses.backward(loss);
            losses.afterBackward();
            try (GradMode off = GradMode.off()) {
                losses.beforeStep();
            }
            return Tensors.toDouble(loss);
        }
    }

    private static ConfigurationException leftOut(String how) {
        return new ConfigurationException(
                how + " for a batch whose loss an optimizer evaluates again, after its step has"
                        + " begun. Leave batches out in their first evaluation alone: ask run.isReevaluating().");
    }
}
