package io.github.lightning4j.trainer.internal.step;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.Closure;
import io.github.lightning4j.Gradients;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer as modules and callbacks see it where steps count: they are taken by the loop, which counts them. Whatever else
 * it can do is passed on.
 */
final class CountedOptimizer implements Optimizer {
    private final Optimizer optimizer;
    private final Stepper stepper;

    /** Takes a step of an optimizer and counts it. */
    interface Stepper {
        /** Returns the loss before the step, or NaN without a closure. */
        double step(Optimizer optimizer, @Nullable Closure closure);
    }

    CountedOptimizer(Optimizer optimizer, Stepper stepper) {
        this.optimizer = optimizer;
        this.stepper = stepper;
    }

    @Override
    public void step() {
        stepper.step(optimizer, null);
    }

    @Override
    public double step(Closure closure) {
        return stepper.step(optimizer, closure);
    }

    @Override
    public boolean needsClosure() {
        return optimizer.needsClosure();
    }

    /** This one, so that no step goes unnoticed. */
    @Override
    public List<Optimizer> optimizers() {
        return List.of(this);
    }

    @Override
    public String name() {
        return optimizer.name();
    }

    @Override
    public List<ParamGroup> paramGroups() {
        return optimizer.paramGroups();
    }

    @Override
    public ParamGroup addParamGroup(String name, PairList<String, Parameter> parameters, Map<String, Double> options) {
        return optimizer.addParamGroup(name, parameters, options);
    }

    @Override
    public Gradients gradients() {
        return optimizer.gradients();
    }

    @Override
    public void zeroGrad() {
        optimizer.zeroGrad();
    }

    @Override
    public List<SchedulerConfig> schedulers() {
        return optimizer.schedulers();
    }

    @Override
    public void save(StateWriter state) {
        optimizer.save(state);
    }

    @Override
    public void load(StateReader state) {
        optimizer.load(state);
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
