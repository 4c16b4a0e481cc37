package io.github.lightning4j.trainer.internal.step;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BackwardGraph;
import io.github.lightning4j.Closure;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.profiler.Section;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.option.GradientOptions;
import io.github.lightning4j.trainer.internal.run.Position;
import org.jspecify.annotations.Nullable;

/**
 * Backward, accumulation, clipping and the step, done by the loop. Each batch's loss is undivided; the gradients are
 * divided by the number of batches that really are in the window, so that a short last window weighs as it should.
 */
public final class AutomaticOptimization implements Optimization {
    private final LightningModule module;
    private final Position position;
    private final Hooks hooks;
    private final OptimizerSet set;
    private final Seeds seeds;
    private final Optimizer optimizer;
    private final Optimizer counted;
    private final BatchLoss losses;
    /** The batch in hand, if the optimizer evaluates its loss again. */
    private @Nullable BatchClosure inHand;

    private boolean stepped;

    /** Creates it. */
    public AutomaticOptimization(
            LightningModule module,
            GradientOptions options,
            Position position,
            Hooks hooks,
            OptimizerSet set,
            Seeds seeds) {
        if (set.optimizers().size() > 1) {
            throw new ConfigurationException(ClassName.of(module) + ".configureOptimizers returned "
                    + set.optimizers().size() + " optimizers, but the loop can drive one. Override"
                    + " automaticOptimization() to return false and step them in trainingStep.");
        }
        this.module = module;
        this.position = position;
        this.hooks = hooks;
        this.set = set;
        this.seeds = seeds;
        this.optimizer = set.optimizers().get(0);
        this.counted = new CountedOptimizer(optimizer, this::step);
        this.losses = new BatchLoss(module, options, hooks, set, optimizer);
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int index, boolean last) {
        stepped = false;
        int batchesOfStep = set.accumulation().in(position.epoch());
        if (optimizer.needsClosure()) {
            take(batch, index, batchesOfStep);
        }
        NDArray loss;
        try (GradMode recording = GradMode.recording()) {
            loss = losses.forward(batch, index);
            if (loss != null && !takesBackward(loss)) {
                loss = null;
            }
        }
        if (position.windowBatches() >= batchesOfStep || last) {
            finishWindow();
        }
        inHand = null;
        return loss;
    }

    private void take(Batch batch, int index, int batchesOfStep) {
        if (batchesOfStep > 1) {
            throw new ConfigurationException(
                    optimizer.name() + " evaluates the loss of its batch several times, so a step"
                            + " cannot be made of " + batchesOfStep + " batches, as accumulateGradBatches or a"
                            + " GradientAccumulationScheduler says. Leave that out and use a larger batch.");
        }
        long seed = seeds.of(Seeds.Purpose.CLOSURE, position.epoch(), index);
        inHand = new BatchClosure(losses, set, batch, index, seed);
        inHand.seed();
    }

    /** Runs backward; false if a hook leaves the batch out. */
    private boolean takesBackward(NDArray loss) {
        if (position.windowBatches() == 0) {
            losses.zeroGrad();
        }
        if (!losses.passes(loss)) {
            return false;
        }
        losses.backward(loss);
        position.windowGrew();
        losses.afterBackward();
        if (inHand != null) {
            inHand.knows(loss);
        }
        return true;
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
        losses.beforeStep();
        try (Hooks.Call stepping = hooks.enter(Hook.OPTIMIZER_STEP)) {
            module.optimizerStep(counted);
        }
        position.windowClosed();
        if (stepped) {
            set.stepped();
        }
    }

    private double step(Optimizer each, @Nullable Closure given) {
        double loss = Double.NaN;
        @Nullable Closure closure = given == null ? inHand : given;
        hooks.begin(Section.OPTIMIZER_STEP);
        if (closure == null) {
            each.step();
        } else {
            loss = each.step(closure);
        }
        hooks.end(Section.OPTIMIZER_STEP);
        stepped = true;
        return loss;
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
        losses.backward(loss, graph);
    }
}
