package io.github.lightning4j;

import java.util.List;

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

    /** Sets every gradient this optimizer's parameters have to zero. */
    void zeroGrad();

    /**
     * One update of every parameter that has a gradient. Frozen parameters, and those that backward never reached, are
     * left alone.
     */
    void step();

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
