package io.github.lightning4j.trainer.internal.step;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BackwardGraph;
import org.jspecify.annotations.Nullable;

/** How a training batch becomes a change of the parameters: by the loop, or by the module itself. */
public interface Optimization {
    /**
     * Runs the training step and what follows from it.
     *
     * @param last whether the epoch ends with it
     */
    @Nullable
    NDArray trainingStep(Batch batch, int index, boolean last);

    /** Steps on an unfinished accumulation window, if there is one: the epoch ends here. */
    void finishWindow();

    /** Whether an optimizer stepped on the last batch; true if the global step has just grown. */
    boolean stepped();

    /** Steps the schedulers that follow epochs. */
    void epochDone();

    /** Runs backward on the module's behalf. */
    void backward(NDArray loss, BackwardGraph graph);
}
