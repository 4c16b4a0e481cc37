package io.github.lightning4j.optim;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Builds an optimizer. Options set before the first {@link #group} are the defaults of all groups; options set after it
 * belong to the group opened last:
 *
 * <pre>{@code
 * AdamW.builder(backbone.getParameters()).lr(1e-3).weightDecay(0.1)
 *         .group("head", head.getParameters()).lr(1e-2)
 *         .build();
 * }</pre>
 *
 * <p>Bad values are refused at the call. What was built has groups of its own: the builder can go on to build another.
 *
 * @param <B> the builder's own type
 */
public abstract class OptimizerBuilder<B extends OptimizerBuilder<B>> {
    private final String optimizer;
    private final List<ParamGroup> groups = new ArrayList<>();
    private boolean decayWeightsOnly;

    /**
     * Starts with torch's defaults.
     *
     * @param optimizer the optimizer's name
     * @param parameters the parameters of the first group
     * @param defaults the options and their defaults; weight decay and maximize are off if not among them
     */
    OptimizerBuilder(String optimizer, PairList<String, Parameter> parameters, Map<Option, Double> defaults) {
        this.optimizer = optimizer;
        groups.add(ParamGroups.of(optimizer, "pg1", parameters, ParamGroups.defaults(defaults), groups));
    }

    /**
     * Sets the learning rate.
     *
     * @param value at least 0
     * @return this
     * @throws ConfigurationException if the value is out of range
     */
    public B lr(double value) {
        return set(Option.LR, value);
    }

    /**
     * Sets the weight decay.
     *
     * @param value at least 0; 0 for none
     * @return this
     * @throws ConfigurationException if the value is out of range
     */
    public B weightDecay(double value) {
        return set(Option.WEIGHT_DECAY, value);
    }

    /**
     * Says whether to maximise the objective instead of minimising it; off by default.
     *
     * @param value true to maximise
     * @return this
     */
    public B maximize(boolean value) {
        return set(Option.MAXIMIZE, value);
    }

    /**
     * Opens a further group; options set from here on are its own.
     *
     * @param name the group's name, unlike that of the other groups; the first is {@code "pg1"}
     * @param parameters name and parameter, at least one, none of them in another group
     * @return this
     * @throws ConfigurationException if the name or a parameter is taken, or there is no parameter
     */
    public B group(String name, PairList<String, Parameter> parameters) {
        groups.add(ParamGroups.of(optimizer, name, parameters, groups.get(0).options(), groups));
        return self();
    }

    /**
     * Leaves biases and the gains and offsets of normalisation layers without weight decay: each group's parameters of
     * DJL type BIAS, GAMMA or BETA, and those with fewer than two dimensions, move to a group of their own, {@code
     * "pg1_no_decay"} for the first.
     *
     * @return this
     */
    public B decayWeightsOnly() {
        decayWeightsOnly = true;
        return self();
    }

    /**
     * Builds the optimizer.
     *
     * @return the optimizer
     * @throws ConfigurationException if options do not go together
     */
    public abstract TorchOptimizer build();

    abstract B self();

    B set(Option option, double value) {
        groups.get(groups.size() - 1).set(option.key(), option.check(optimizer, value));
        return self();
    }

    B set(Option option, boolean value) {
        return set(option, value ? 1 : 0);
    }

    String optimizer() {
        return optimizer;
    }

    /** The groups for one optimizer, which share nothing with the builder or another optimizer but the parameters. */
    List<ParamGroup> groups() {
        return groups.stream().flatMap(this::built).toList();
    }

    private Stream<ParamGroup> built(ParamGroup group) {
        return decayWeightsOnly ? ParamGroups.splitByDecay(group).stream() : Stream.of(ParamGroups.copy(group));
    }
}
