package io.github.lightning4j.optim;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private @Nullable Layers layers;

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
     * Opens a further group with those parameters of the groups so far that a test chooses; options set from here on are its
     * own.
     *
     * <pre>{@code
     * AdamW.builder(parameters()).lr(1e-5)
     *         .group("head", (name, parameter) -> name.startsWith("head.")).lr(1e-3)
     *         .build();
     * }</pre>
     *
     * @param name the group's name, unlike that of the other groups; the first is {@code "pg1"}
     * @param chosen whether a parameter, with its name in its group, belongs to this one
     * @return this
     * @throws ConfigurationException if the name is taken, or no parameter is chosen, or all of an earlier group are
     */
    public B group(String name, BiPredicate<String, Parameter> chosen) {
        PairList<String, Parameter> taken = new PairList<>();
        List<ParamGroup> left = new ArrayList<>();
        for (ParamGroup group : groups) {
            PairList<String, Parameter> kept = new PairList<>();
            for (Pair<String, Parameter> pair : ParamGroups.pairs(group)) {
                (chosen.test(pair.getKey(), pair.getValue()) ? taken : kept).add(pair);
            }
            if (kept.isEmpty()) {
                throw new ConfigurationException(
                        optimizer + ": group '" + name + "' would take all parameters of group '" + group.name()
                                + "'. Choose fewer, or set the options of '" + group.name() + "' instead.");
            }
            left.add(new ParamGroup(group.name(), kept, group.options()));
        }
        ParamGroup added = ParamGroups.of(optimizer, name, taken, left.get(0).options(), left);
        groups.clear();
        groups.addAll(left);
        groups.add(added);
        return self();
    }

    /**
     * Gives each layer a learning rate of its own, the smaller the nearer the input: the last layer learns at the rate of
     * its group, the one before at decay times that, and so on (Howard and Ruder 2018; ELECTRA fine-tunes with 0.8). Each
     * group splits into {@code "pg1_layer_0"} (nearest the input), {@code "pg1_layer_1"}, ...; parameters outside of the
     * network stay where they are.
     *
     * <p>Layers are the children of a module, of a {@code SequentialBlock}, of a {@code BertEncoder} and of a transformer's
     * stack, one within the other counted through, in order of registration; blocks without parameters do not count.
     *
     * @param network the module, or a part of it
     * @param decay the ratio of a layer's rate to that of the next, above 0 and at most 1
     * @return this
     * @throws ConfigurationException if the ratio is out of range
     */
    public B layerwiseLr(Block network, double decay) {
        layers = new Layers(network, Require.positiveFraction(decay, optimizer + ": decay of layerwiseLr"));
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
        return layers == null ? decayed(group) : layers.split(group).stream().flatMap(this::decayed);
    }

    private Stream<ParamGroup> decayed(ParamGroup group) {
        return decayWeightsOnly ? ParamGroups.splitByDecay(group).stream() : Stream.of(ParamGroups.copy(group));
    }
}
