package io.github.lightning4j.trainer.internal.step;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BackwardGraph;
import io.github.lightning4j.Closure;
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
import io.github.lightning4j.trainer.internal.step.OptimizerSet.Reevaluation;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The module runs backward and its optimizers itself; the loop counts. Schedulers that follow steps or epochs still do. */
public final class ManualOptimization implements Optimization {
    private static final Logger LOG = LoggerFactory.getLogger(ManualOptimization.class);

    private final LightningModule module;
    private final Hooks hooks;
    private final OptimizerSet set;
    private final Backward backward;
    private boolean stepped;
    private boolean backwardRan;
    private boolean warned;

    /**
     * Creates it; the set shows optimizers from now on whose steps are noticed.
     *
     * @param options accumulation and clipping, which must be off
     */
    public ManualOptimization(LightningModule module, GradientOptions options, Hooks hooks, OptimizerSet set) {
        if (options.accumulateGradBatches() != 1 || options.gradientClipVal() > 0) {
            throw new ConfigurationException(ClassName.of(module)
                    + " optimizes by itself (automaticOptimization() is false), so accumulateGradBatches and"
                    + " gradientClipVal of the Trainer cannot apply, which are "
                    + options.accumulateGradBatches() + " and " + options.gradientClipVal()
                    + ". Leave them out, and use clipGradients in trainingStep.");
        }
        this.module = module;
        this.hooks = hooks;
        this.set = set;
        this.backward = new Backward(module, "manualBackward got", options.detectAnomaly());
        set.show(set.optimizers().stream()
                .<Optimizer>map(optimizer -> new CountedOptimizer(optimizer, this::step))
                .toList());
    }

    @Override
    public @Nullable NDArray trainingStep(Batch batch, int index, boolean last) {
        stepped = false;
        NDArray result;
        try (GradMode recording = GradMode.recording();
                Hooks.Call step = hooks.enter(Hook.TRAINING_STEP)) {
            result = module.trainingStep(batch, index);
        } catch (RuntimeException e) {
            throw MissingLabels.explain(e, Hook.TRAINING_STEP, module, batch);
        }
        if (stepped) {
            set.stepped();
        }
        return result;
    }

    private double step(Optimizer optimizer, @Nullable Closure closure) {
        set.requireNext();
        double loss = Double.NaN;
        if (closure != null && optimizer.needsClosure()) {
            loss = take(() -> optimizer.step(new GivenClosure(optimizer, closure)));
        } else {
            if (closure != null) {
                loss = closure.evaluate();
            }
            try (GradMode off = GradMode.off()) {
                hooks.on(Hook.ON_BEFORE_OPTIMIZER_STEP).optimizer(optimizer).call();
            }
            take(() -> {
                optimizer.step();
                return Double.NaN;
            });
        }
        stepped = true;
        return loss;
    }

    private double take(DoubleSupplier step) {
        hooks.begin(Section.OPTIMIZER_STEP);
        try (GradMode off = GradMode.off()) {
            return step.getAsDouble();
        } finally {
            hooks.end(Section.OPTIMIZER_STEP);
        }
    }

    @Override
    public void finishWindow() {}

    @Override
    public boolean stepped() {
        return stepped;
    }

    @Override
    public void backward(NDArray loss, BackwardGraph graph) {
        backward.check(loss);
        hooks.on(Hook.ON_BEFORE_BACKWARD).loss(loss).call();
        hooks.begin(Section.BACKWARD);
        backward.from(loss, graph);
        hooks.end(Section.BACKWARD);
        backwardRan = true;
        hooks.on(Hook.ON_AFTER_BACKWARD).call();
    }

    @Override
    public void epochDone() {
        if (backwardRan && !set.hasStepped() && !warned) {
            warned = true;
            LOG.warn(
                    "{} ran backward, but no optimizer from optimizers() stepped, so globalStep stays 0: nothing is"
                            + " logged per step or saved. Step the optimizers that optimizers() returns, not those made in"
                            + " configureOptimizers.",
                    ClassName.of(module));
        }
        set.epochDone();
    }

    /** A closure of the module's; what becomes of gradients before a step belongs to what it evaluates. */
    private final class GivenClosure implements Closure {
        private final Optimizer optimizer;
        private final Closure closure;
        private boolean asked;

        GivenClosure(Optimizer optimizer, Closure closure) {
            this.optimizer = optimizer;
            this.closure = closure;
        }

        @Override
        public double evaluate() {
            if (!asked) {
                asked = true;
                return evaluateOnce();
            }
            try (Reevaluation again = set.reevaluating()) {
                return evaluateOnce();
            }
        }

        private double evaluateOnce() {
            double loss;
            try (GradMode recording = GradMode.recording()) {
                loss = closure.evaluate();
            }
            try (GradMode off = GradMode.off()) {
                hooks.on(Hook.ON_BEFORE_OPTIMIZER_STEP).optimizer(optimizer).call();
            }
            return loss;
        }
    }
}
