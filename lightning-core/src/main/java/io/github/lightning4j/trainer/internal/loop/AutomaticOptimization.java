package io.github.lightning4j.trainer.internal.loop;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.internal.torch.GradMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Backward, accumulation, clipping and the step, done by the loop. Each batch's loss is undivided; the gradients are
 * divided by the number of batches that really are in the window, so that a short last window weighs as it should.
 */
final class AutomaticOptimization implements Optimization {
    private final RunSession session;
    private final LightningModule module;
    private final FitProgress progress;
    private final Hooks hooks;
    private final OptimizerSet set;
    private final Optimizer optimizer;
    private final int windowSize;
    private boolean stepped;

    AutomaticOptimization(RunSession session, OptimizerSet set) {
        this.session = session;
        this.module = session.module();
        this.progress = session.progress();
        this.hooks = session.hooks();
        this.set = set;
        this.optimizer = set.optimizers().get(0);
        this.windowSize = session.options().accumulateGradBatches();
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int index, boolean last) {
        stepped = false;
        NDArray loss = forwardAndBackward(batch, index);
        if (progress.windowBatches == windowSize || last) {
            finishWindow();
        }
        return loss;
    }

    private @Nullable NDArray forwardAndBackward(Batch batch, int index) {
        try (GradMode recording = GradMode.recording()) {
            session.book().enter(Hook.TRAINING_STEP);
            NDArray loss = module.trainingStep(batch, index);
            if (loss == null) {
                return null;
            }
            check(loss);
            if (progress.windowBatches == 0) {
                hooks.beforeZeroGrad(optimizer);
                optimizer.zeroGrad();
            }
            hooks.beforeBackward(loss);
            backwardFrom(loss);
            progress.windowBatches++;
            hooks.afterBackward();
            return loss;
        }
    }

    private void backwardFrom(NDArray loss) {
        try {
            GradMode.backward(loss);
        } catch (EngineException e) {
            if (!String.valueOf(e.getMessage()).contains("does not require grad")) {
                throw e;
            }
            throw new ConfigurationException(
                    "trainingStep of " + module.getClass().getSimpleName()
                            + " returned a loss without a gradient. Compute it from call(...) of a layer that is not frozen;"
                            + " toType, duplicate, toDevice and stopGradient cut the gradient.",
                    e);
        }
    }

    private void check(NDArray loss) {
        if (loss.size() != 1) {
            throw new ConfigurationException(
                    "trainingStep of " + module.getClass().getSimpleName()
                            + " returned an array of shape " + loss.getShape()
                            + ", but the loss is one number. Reduce it, for instance with mean().");
        }
    }

    @Override
    public void finishWindow() {
        if (progress.windowBatches == 0) {
            return;
        }
        if (progress.windowBatches > 1) {
            optimizer.gradients().scale(1.0 / progress.windowBatches);
        }
        hooks.beforeOptimizerStep(optimizer);
        session.book().enter(Hook.CONFIGURE_GRADIENT_CLIPPING);
        module.configureGradientClipping(
                optimizer,
                session.options().gradientClipVal(),
                session.options().gradientClipAlgorithm());
        optimizer.step();
        progress.windowBatches = 0;
        session.stepped();
        stepped = true;
        set.afterStep();
    }

    @Override
    public boolean stepped() {
        return stepped;
    }

    @Override
    public void backward(NDArray loss) {
        GradMode.backward(loss);
    }

    @Override
    public List<Optimizer> optimizers() {
        return set.optimizers();
    }

    @Override
    public List<Optimizer> visibleOptimizers() {
        return set.optimizers();
    }

    @Override
    public List<SchedulerConfig> schedulers() {
        return set.schedulers();
    }

    @Override
    public void epochSchedulers() {
        set.afterEpoch();
    }

    @Override
    public void close() {
        set.close();
    }
}
