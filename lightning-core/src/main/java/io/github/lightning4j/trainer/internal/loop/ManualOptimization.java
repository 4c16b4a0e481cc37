package io.github.lightning4j.trainer.internal.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.internal.torch.GradMode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The module runs backward and its optimizers itself; the loop counts. Schedulers that follow steps or epochs still do. */
final class ManualOptimization implements Optimization {
    private static final Logger LOG = LoggerFactory.getLogger(ManualOptimization.class);

    private final RunSession session;
    private final OptimizerSet set;
    private final List<Optimizer> counted;
    private boolean stepped;
    private boolean backwardRan;
    private boolean everStepped;
    private boolean warned;

    ManualOptimization(RunSession session, OptimizerSet set) {
        if (session.options().accumulateGradBatches() != 1 || session.options().gradientClipVal() > 0) {
            throw new ConfigurationException(
                    session.module().getClass().getSimpleName()
                            + " optimizes by itself (automaticOptimization() is false), so accumulateGradBatches and"
                            + " gradientClipVal of the Trainer cannot apply. Leave them out, and use clipGradients in trainingStep.");
        }
        this.session = session;
        this.set = set;
        this.counted = set.optimizers().stream().map(this::counted).toList();
    }

    private Optimizer counted(Optimizer optimizer) {
        return new CountedOptimizer(optimizer, session.hooks(), this::optimizerStepped);
    }

    private void optimizerStepped() {
        stepped = true;
        everStepped = true;
        session.book().enter(Hook.TRAINING_STEP);
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int index, boolean last) {
        stepped = false;
        NDArray result;
        try (GradMode recording = GradMode.recording()) {
            session.book().enter(Hook.TRAINING_STEP);
            result = session.module().trainingStep(batch, index);
        }
        if (stepped) {
            session.stepped();
            set.afterStep();
        }
        return result;
    }

    @Override
    public void finishWindow() {}

    @Override
    public boolean stepped() {
        return stepped;
    }

    @Override
    public void backward(NDArray loss) {
        session.hooks().beforeBackward(loss);
        GradMode.backward(loss);
        backwardRan = true;
        session.hooks().afterBackward();
        session.book().enter(Hook.TRAINING_STEP);
    }

    @Override
    public List<Optimizer> optimizers() {
        return set.optimizers();
    }

    @Override
    public List<Optimizer> visibleOptimizers() {
        return counted;
    }

    @Override
    public List<SchedulerConfig> schedulers() {
        return set.schedulers();
    }

    @Override
    public void epochSchedulers() {
        if (backwardRan && !everStepped && !warned) {
            warned = true;
            LOG.warn(
                    "{} ran backward, but no optimizer from optimizers() stepped, so globalStep stays 0: nothing is logged"
                            + " per step or saved. Step the optimizers that optimizers() returns, not those made in"
                            + " configureOptimizers.",
                    session.module().getClass().getSimpleName());
        }
        set.afterEpoch();
    }

    @Override
    public void close() {
        set.close();
    }
}
