package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.SchedulerConfig;
import java.util.List;

/** A run that is no fit has no optimizers. */
final class NoOptimization implements Optimization {
    @Override
    public NDArray trainingStep(Batch batch, int index, boolean last) {
        throw new IllegalStateException("This run does not train.");
    }

    @Override
    public void finishWindow() {}

    @Override
    public boolean stepped() {
        return false;
    }

    @Override
    public void backward(NDArray loss) {
        throw new ConfigurationException("Backward was called in a run that does not train. Call it in trainingStep.");
    }

    @Override
    public List<Optimizer> optimizers() {
        return List.of();
    }

    @Override
    public List<Optimizer> visibleOptimizers() {
        return List.of();
    }

    @Override
    public List<SchedulerConfig> schedulers() {
        return List.of();
    }

    @Override
    public void epochSchedulers() {}

    @Override
    public void close() {}
}
