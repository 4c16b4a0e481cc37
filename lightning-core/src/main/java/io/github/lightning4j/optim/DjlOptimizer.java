package io.github.lightning4j.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Adadelta;
import ai.djl.training.optimizer.Nag;
import ai.djl.training.optimizer.RmsProp;
import ai.djl.util.PairList;
import io.github.lightning4j.CheckpointException;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Gradients;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.GradientSet;
import io.github.lightning4j.internal.torch.MemoryScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An optimizer of DJL, or one written against DJL, inside Lightning4j's step: {@code DjlOptimizer.of(djlAdam, parameters)}.
 *
 * <p>What it computes is DJL's, which differs from torch: momentum contains the learning rate, Adam's epsilon is added
 * before the bias correction, and {@code clipGrad} limits positive elements only. Its learning rate follows its own
 * DJL tracker; Lightning4j's schedules cannot change it. Tensors it keeps in fields, maps and collections are freed with
 * it; those in maps from parameter to device to array, as in all of DJL's optimizers, are saved and restored as well.
 *
 * <p>DJL's {@code Nag}, {@code RmsProp}, {@code Adagrad} and {@code Adadelta} do not run on PyTorch and are refused.
 */
public final class DjlOptimizer implements Optimizer {
    private final ai.djl.training.optimizer.Optimizer optimizer;
    private final ParamGroup group;
    /** The names by which DJL's optimizer keeps its state. */
    private final List<String> names;

    private final List<Parameter> parameters;
    private final GradientSet gradients;
    private final Gradients view;
    private final DjlFields fields;
    private double reportedLr;

    /**
     * Runs an optimizer of DJL inside Lightning4j's training step.
     *
     * @param optimizer the optimizer
     * @param parameters the parameters it is to change
     * @return the optimizer
     * @throws ConfigurationException if DJL cannot run it on PyTorch, or there is no parameter
     */
    public static DjlOptimizer of(
            ai.djl.training.optimizer.Optimizer optimizer, PairList<String, Parameter> parameters) {
        return new DjlOptimizer(optimizer, parameters);
    }

    private DjlOptimizer(ai.djl.training.optimizer.Optimizer optimizer, PairList<String, Parameter> parameters) {
        refuseUnsupported(optimizer);
        this.optimizer = optimizer;
        this.fields = new DjlFields(optimizer);
        group = ParamGroups.of(name(), "pg1", parameters, Map.of(ParamGroup.LR, Double.NaN), List.of());
        names = group.parameterNames();
        this.parameters = group.parameters();
        gradients = new GradientSet(parameters);
        view = Gradients.over(gradients);
        reportLr();
    }

    private static void refuseUnsupported(ai.djl.training.optimizer.Optimizer optimizer) {
        String better = optimizer instanceof Nag
                ? "SGD.builder(...).momentum(0.9).nesterov(true)"
                : optimizer instanceof RmsProp
                        ? "RMSprop"
                        : optimizer instanceof ai.djl.training.optimizer.Adagrad
                                ? "Adagrad"
                                : optimizer instanceof Adadelta ? "Adadelta" : "";
        if (!better.isEmpty()) {
            throw new ConfigurationException("DJL's " + ClassName.of(optimizer)
                    + " does not run on PyTorch. Use io.github.lightning4j.optim." + better + " instead.");
        }
    }

    @Override
    public String name() {
        return ClassName.of(optimizer);
    }

    @Override
    public List<ParamGroup> paramGroups() {
        return List.of(group);
    }

    @Override
    public Gradients gradients() {
        return view;
    }

    @Override
    public void step() {
        if (Double.compare(group.lr(), reportedLr) != 0) {
            throw new ConfigurationException(
                    "DJL's " + name() + " takes its learning rate from its own tracker, so it"
                            + " cannot be scheduled. Give it a DJL Tracker, or use an optimizer of io.github.lightning4j.optim.");
        }
        try (GradMode off = GradMode.off();
                MemoryScope scope = MemoryScope.open()) {
            gradients.refresh();
            for (int i = 0; i < parameters.size(); i++) {
                NDArray gradient = gradients.gradient(i);
                if (gradient != null) {
                    optimizer.update(names.get(i), parameters.get(i).getArray(), gradient);
                }
            }
            fields.arrays().forEach(MemoryScope::release);
        }
        reportLr();
    }

    private void reportLr() {
        reportedLr = fields.lr(names.get(0));
        group.setLr(reportedLr);
    }

    @Override
    public void save(StateWriter state) {
        state.putString("optimizer", optimizer.getClass().getName());
        List<String> present = group.parameterNames();
        state.putStrings("parameters", present);
        Map<String, String> toPresent = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            toPresent.put(names.get(i), present.get(i));
        }
        fields.save(state, toPresent);
    }

    @Override
    public void load(StateReader state) {
        String saved = state.getString("optimizer");
        if (!saved.equals(optimizer.getClass().getName())) {
            throw new CheckpointException("The checkpoint holds the state of the optimizer " + saved
                    + ", but the module" + " configured " + optimizer.getClass().getName() + ".");
        }
        List<String> then = state.getStrings("parameters");
        if (!group.present(then).equals(group.parameterNames())) {
            throw new CheckpointException("The checkpoint does not fit " + name() + ": its parameters were " + then
                    + ", here they are " + group.parameterNames() + ".");
        }
        Map<String, String> toOwn = new HashMap<>();
        Map<String, NDArray> weights = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            toOwn.put(then.get(i), names.get(i));
            weights.put(names.get(i), parameters.get(i).getArray());
        }
        fields.load(state, toOwn, weights);
        reportLr();
    }

    @Override
    public void close() {
        gradients.close();
        fields.arrays().forEach(NDArray::close);
    }
}
