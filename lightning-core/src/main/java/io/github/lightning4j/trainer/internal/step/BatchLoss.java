package io.github.lightning4j.trainer.internal.step;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BackwardGraph;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.profiler.Section;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.hook.Hooks;
import io.github.lightning4j.trainer.internal.hook.MissingLabels;
import io.github.lightning4j.trainer.internal.option.GradientOptions;
import org.jspecify.annotations.Nullable;

/** How the loss of a batch and its gradients come about, with the hooks on the way. */
final class BatchLoss {
    private final LightningModule module;
    private final GradientOptions options;
    private final Hooks hooks;
    private final OptimizerSet set;
    private final Optimizer optimizer;
    private final Backward backward;

    BatchLoss(LightningModule module, GradientOptions options, Hooks hooks, OptimizerSet set, Optimizer optimizer) {
        this.module = module;
        this.options = options;
        this.hooks = hooks;
        this.set = set;
        this.optimizer = optimizer;
        this.backward =
                new Backward(module, "trainingStep of " + ClassName.of(module) + " returned", options.detectAnomaly());
    }

    /** The loss, or null if the module leaves the batch out. */
    @Nullable
    NDArray forward(Batch batch, int index) {
        NDArray loss;
        try (Hooks.Call step = hooks.enter(Hook.TRAINING_STEP)) {
            loss = module.trainingStep(batch, index);
        } catch (RuntimeException e) {
            throw MissingLabels.explain(e, Hook.TRAINING_STEP, module, batch);
        }
        if (loss != null) {
            backward.check(loss);
        }
        return loss;
    }

    void zeroGrad() {
        hooks.on(Hook.ON_BEFORE_ZERO_GRAD).optimizer(optimizer).call();
        module.optimizerZeroGrad(optimizer);
    }

    /** Whether no hook leaves the batch out. */
    boolean passes(NDArray loss) {
        set.backwardGate().open();
        hooks.on(Hook.ON_BEFORE_BACKWARD).loss(loss).call();
        return set.backwardGate().close();
    }

    void backward(NDArray loss) {
        hooks.begin(Section.BACKWARD);
        backward.from(loss, BackwardGraph.FREE);
        hooks.end(Section.BACKWARD);
    }

    void afterBackward() {
        hooks.on(Hook.ON_AFTER_BACKWARD).call();
    }

    /** What becomes of the gradients before they are used. */
    void beforeStep() {
        hooks.on(Hook.ON_BEFORE_OPTIMIZER_STEP).optimizer(optimizer).call();
        try (Hooks.Call clipping = hooks.enter(Hook.CONFIGURE_GRADIENT_CLIPPING)) {
            module.configureGradientClipping(optimizer, options.gradientClipVal(), options.gradientClipAlgorithm());
        }
    }

    /** Backward on the module's behalf. */
    void backward(NDArray loss, BackwardGraph graph) {
        backward.check(loss);
        backward.from(loss, graph);
    }
}
