package io.github.lightning4j;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import java.util.List;
import java.util.Map;

/**
 * Changes parameters by their gradients. An optimizer holds DJL parameters; its own tensors are made at its first step,
 * belong to the run and are freed by {@link #close}.
 *
 * <p>An optimizer is the simplest {@link OptimizerConfig}: return it from {@code configureOptimizers} as it is.
 */
public interface Optimizer extends OptimizerConfig, Stateful, AutoCloseable {
    /**
     * The name for logs and messages, such as {@code "Adam"}.
     *
     * @return the name
     */
    String name();

    /**
     * The parameter groups, live: schedulers change their options.
     *
     * @return the groups, at least one
     */
    List<ParamGroup> paramGroups();

    /**
     * Adds parameters while training, as when a backbone is unfrozen. Schedulers built before do not change them. A group
     * that was added comes back with a checkpoint; a hook that adds it again after a resume, with the same name and
     * parameters, gets the one that is there.
     *
     * @param name the group's name, unlike that of the other groups
     * @param parameters name and parameter, none of them in a group yet
     * @param options the options that differ from the optimizer's defaults, by their names in torch, such as {@code
     *     Map.of("lr", 1e-5)}
     * @return the new group
     * @throws ConfigurationException if the optimizer cannot do that, or a parameter or option is not acceptable
     */
    default ParamGroup addParamGroup(String name, PairList<String, Parameter> parameters, Map<String, Double> options) {
        throw new ConfigurationException(name() + " cannot take parameter groups after it was built.");
    }

    /**
     * The gradients of this optimizer's parameters, live: those of frozen parameters and of groups added later included.
     *
     * @return the gradients, always the same object, which the optimizer closes
     */
    Gradients gradients();

    /** Sets every gradient this optimizer's parameters have to zero. */
    default void zeroGrad() {
        gradients().zero();
    }

    /**
     * One update of every parameter that has a gradient. Frozen parameters, and those that backward never reached, are
     * left alone.
     *
     * @throws ConfigurationException if the optimizer {@linkplain #needsClosure needs} {@link #step(Closure)}
     */
    void step();

    /**
     * Whether a step evaluates the loss at several points, so that it needs a {@link Closure}. The loop gives one to {@link
     * #step(Closure)} then.
     *
     * @return false unless overridden
     */
    default boolean needsClosure() {
        return false;
    }

    /**
     * One update by an optimizer that may look at the loss at several points. One that does not evaluates it once and steps.
     *
     * @param closure computes the loss and its gradients
     * @return the loss before the update
     */
    default double step(Closure closure) {
        double loss = closure.evaluate();
        step();
        return loss;
    }

    /** Frees the optimizer's tensors; the parameters stay. */
    @Override
    void close();

    @Override
    default List<Optimizer> optimizers() {
        return List.of(this);
    }

    @Override
    default List<SchedulerConfig> schedulers() {
        return List.of();
    }
}
