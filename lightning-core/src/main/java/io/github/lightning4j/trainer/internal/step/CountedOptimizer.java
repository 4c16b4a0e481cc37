package io.github.lightning4j.trainer.internal.step;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.Gradients;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.SchedulerConfig;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An optimizer as a module that optimizes by itself sees it: its steps are taken by the loop, which counts them.
 * Whatever else it can do is passed on.
 */
final class CountedOptimizer implements Optimizer {
    private final Optimizer optimizer;
    private final Consumer<Optimizer> stepper;

    CountedOptimizer(Optimizer optimizer, Consumer<Optimizer> stepper) {
        this.optimizer = optimizer;
        this.stepper = stepper;
    }

    @Override
    public void step() {
        stepper.accept(optimizer);
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
