package io.github.lightning4j.trainer.internal.step;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BackwardGraph;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.profiler.Section;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.hook.MissingLabels;
import io.github.lightning4j.trainer.internal.option.GradientOptions;
import io.github.lightning4j.trainer.internal.run.Position;
import org.jspecify.annotations.Nullable;

/**
 * Backward, accumulation, clipping and the step, done by the loop. Each batch's loss is undivided; the gradients are
 * divided by the number of batches that really are in the window, so that a short last window weighs as it should.
 */
public final class AutomaticOptimization implements Optimization {
    private final LightningModule module;
    private final GradientOptions options;
    private final Position position;
    private final Hooks hooks;
    private final OptimizerSet set;
    private final Optimizer optimizer;
    private final Optimizer counted;
    private final Backward backward;
    private boolean stepped;

    /** Creates it. */
    public AutomaticOptimization(
            LightningModule module, GradientOptions options, Position position, Hooks hooks, OptimizerSet set) {
        if (set.optimizers().size() > 1) {
            throw new ConfigurationException(ClassName.of(module) + ".configureOptimizers returned "
                    + set.optimizers().size() + " optimizers, but the loop can drive one. Override"
                    + " automaticOptimization() to return false and step them in trainingStep.");
        }
        this.module = module;
        this.options = options;
        this.position = position;
        this.hooks = hooks;
        this.set = set;
        this.optimizer = set.optimizers().get(0);
        this.counted = new CountedOptimizer(optimizer, each -> {
            each.step();
            stepped = true;
        });
        this.backward =
                new Backward(module, "trainingStep of " + ClassName.of(module) + " returned", options.detectAnomaly());
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int index, boolean last) {
        stepped = false;
        NDArray loss = forwardAndBackward(batch, index);
        if (position.windowBatches() >= set.accumulation().in(position.epoch()) || last) {
            finishWindow();
        }
        return loss;
    }

    private @Nullable NDArray forwardAndBackward(Batch batch, int index) {
        try (GradMode recording = GradMode.recording()) {
            NDArray loss;
            try (Hooks.Call step = hooks.enter(Hook.TRAINING_STEP)) {
                loss = module.trainingStep(batch, index);
            } catch (RuntimeException e) {
                throw MissingLabels.explain(e, Hook.TRAINING_STEP, module, batch);
            }
            if (loss == null) {
                return null;
            }
            backward.check(loss);
            if (position.windowBatches() == 0) {
                hooks.on(Hook.ON_BEFORE_ZERO_GRAD).optimizer(optimizer).call();
                module.optimizerZeroGrad(optimizer);
            }
            if (!passes(loss)) {
                return null;
            }
            hooks.begin(Section.BACKWARD);
            backward.from(loss, BackwardGraph.FREE);
            hooks.end(Section.BACKWARD);
            position.windowGrew();
            hooks.on(Hook.ON_AFTER_BACKWARD).call();
            return loss;
        }
    }

    private boolean passes(NDArray loss) {
        set.backwardGate().open();
        hooks.on(Hook.ON_BEFORE_BACKWARD).loss(loss).call();
        return set.backwardGate().close();
    }

    @Override
    public void finishWindow() {
        int batches = position.windowBatches();
        if (batches == 0) {
            return;
        }
        set.requireNext();
        if (batches > 1) {
            optimizer.gradients().scale(1.0 / batches);
        }
        hooks.on(Hook.ON_BEFORE_OPTIMIZER_STEP).optimizer(optimizer).call();
        clip();
        hooks.begin(Section.OPTIMIZER_STEP);
        step();
        hooks.end(Section.OPTIMIZER_STEP);
        position.windowClosed();
        if (stepped) {
            set.stepped();
        }
    }

    private void step() {
        try (Hooks.Call stepping = hooks.enter(Hook.OPTIMIZER_STEP)) {
            module.optimizerStep(counted);
        }
    }

    private void clip() {
        try (Hooks.Call clipping = hooks.enter(Hook.CONFIGURE_GRADIENT_CLIPPING)) {
            module.configureGradientClipping(optimizer, options.gradientClipVal(), options.gradientClipAlgorithm());
        }
    }

    @Override
    public boolean stepped() {
        return stepped;
    }

    @Override
    public void epochDone() {
        set.epochDone();
    }

    @Override
    public void backward(NDArray loss, BackwardGraph graph) {
        backward.check(loss);
        backward.from(loss, graph);
    }
}
