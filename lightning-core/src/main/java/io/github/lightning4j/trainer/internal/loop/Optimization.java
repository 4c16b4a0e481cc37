package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.SchedulerConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a training batch becomes a change of the parameters: by the loop, or by the module itself. */
interface Optimization extends AutoCloseable {
    /** Outside a fit. */
    Optimization NONE = new NoOptimization();

    /**
     * Runs the training step and what follows from it.
     *
     * @param batch the batch
     * @param index its index in the epoch
     * @param last whether the epoch ends with it
     * @return what the step returned
     */
    @Nullable
    NDArray trainingStep(Batch batch, int index, boolean last);

    /** Steps on an unfinished accumulation window, if there is one: training ends here. */
    void finishWindow();

    /** Whether an optimizer stepped on the last batch. */
    boolean stepped();

    void backward(NDArray loss);

    /** The optimizers, to be saved and freed. */
    List<Optimizer> optimizers();

    /** The optimizers as callbacks and the module see them. */
    List<Optimizer> visibleOptimizers();

    List<SchedulerConfig> schedulers();

    /** Steps the schedulers that follow epochs. */
    void epochSchedulers();

    @Override
    void close();
}
