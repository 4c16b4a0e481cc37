package io.github.lightning4j;

import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import io.github.lightning4j.internal.name.FreeName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Parameters that share their options, as in torch's {@code param_groups}: {@code lr}, {@code weight_decay}, {@code
 * momentum} and whatever else the optimizer knows. Schedulers change options here.
 */
public final class ParamGroup {
    /** The option every group has: the learning rate. */
    public static final String LR = "lr";

    private final String name;
    private final List<String> given;
    private PairList<String, Parameter> parameters;
    private Map<Parameter, String> earlier = Map.of();
    private final Map<String, Double> options;
    private final Map<String, Double> configured;
    private double initialLr = Double.NaN;

    /**
     * Creates a group; an optimizer's builder does this.
     *
     * @param name a name for logs, such as {@code "pg1"} or {@code "no_decay"}
     * @param parameters name and parameter
     * @param options option and value; must contain {@code lr}
     */
    public ParamGroup(String name, PairList<String, Parameter> parameters, Map<String, Double> options) {
        if (!options.containsKey(LR)) {
            throw new ConfigurationException(
                    "Parameter group '" + name + "' has no lr; it has " + options.keySet() + ".");
        }
        this.name = name;
        this.parameters = new PairList<>(parameters.size());
        for (Pair<String, Parameter> pair : parameters) {
            this.parameters.add(pair);
        }
        this.given = parameterNames();
        this.options = new LinkedHashMap<>(options);
        this.configured = Map.copyOf(options);
    }

    /**
     * The group's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The parameters' names: in a fit their paths from the module, as in its {@code parameters()}; otherwise as they were
     * given.
     *
     * @return the names, in the order of {@link #parameters()}
     */
    public List<String> parameterNames() {
        return Collections.unmodifiableList(new ArrayList<>(parameters.keys()));
    }

    /**
     * The parameters.
     *
     * @return the parameters, each once
     */
    public List<Parameter> parameters() {
        return Collections.unmodifiableList(new ArrayList<>(parameters.values()));
    }

    PairList<String, Parameter> pairs() {
        return parameters;
    }

    /** Names the parameters that are among these; others keep the name they were given. */
    void rename(Map<Parameter, String> names, Map<Parameter, String> earlierNames) {
        PairList<String, Parameter> renamed = new PairList<>(given.size());
        Set<String> taken = new HashSet<>(names.values());
        for (int i = 0; i < given.size(); i++) {
            Parameter parameter = parameters.valueAt(i);
            String name = names.get(parameter);
            renamed.add(name == null ? FreeName.take(given.get(i), taken) : name, parameter);
        }
        parameters = renamed;
        earlier = earlierNames;
    }

    /**
     * What the parameters that a checkpoint names are called now. Checkpoints of format 1 have the names that the optimizer
     * was given, which were DJL's.
     *
     * @param saved the names of the group's parameters, in their order when they were saved
     * @return the names they have now; one that means no parameter of the group stays as it is
     */
    public List<String> present(List<String> saved) {
        List<String> present = new ArrayList<>(saved);
        Set<String> known = new HashSet<>(parameters.keys());
        for (int i = 0; i < Math.min(saved.size(), given.size()); i++) {
            if (!known.contains(saved.get(i)) && isEarlier(saved.get(i), i)) {
                present.set(i, parameters.keyAt(i));
            }
        }
        return present;
    }

    private boolean isEarlier(String saved, int index) {
        String name = earlier.getOrDefault(parameters.valueAt(index), given.get(index));
        return saved.equals(given.get(index)) || saved.equals(name) || name.endsWith("_" + saved);
    }

    /**
     * The learning rate.
     *
     * @return the rate used by the next step
     */
    public double lr() {
        return get(LR);
    }

    /**
     * Changes the learning rate.
     *
     * @param value the rate used from the next step on
     */
    public void setLr(double value) {
        set(LR, value);
    }

    /**
     * The learning rate that schedules start from: the one set when the first scheduler was built over this group.
     *
     * @return that rate; {@link #lr()} as long as there is no scheduler
     */
    public double initialLr() {
        return Double.isNaN(initialLr) ? lr() : initialLr;
    }

    /**
     * Whether a schedule starts from this group.
     *
     * @return true once {@link #setInitialLr} was called
     */
    public boolean hasInitialLr() {
        return !Double.isNaN(initialLr);
    }

    /**
     * Sets the learning rate that schedules start from; schedulers do this, and optimizers when they are restored.
     *
     * @param value the rate
     */
    public void setInitialLr(double value) {
        initialLr = value;
    }

    /**
     * Reads an option.
     *
     * @param option its name in torch, such as {@code weight_decay}
     * @return its value
     * @throws ConfigurationException if this optimizer has no such option
     */
    public double get(String option) {
        Double value = options.get(option);
        if (value == null) {
            throw unknown(option);
        }
        return value;
    }

    /**
     * Changes an option.
     *
     * @param option its name in torch
     * @param value its value from the next step on
     * @throws ConfigurationException if this optimizer has no such option
     */
    public void set(String option, double value) {
        if (options.replace(option, value) == null) {
            throw unknown(option);
        }
    }

    /**
     * Whether the optimizer has an option.
     *
     * @param option its name in torch
     * @return true if it can be read and set
     */
    public boolean has(String option) {
        return options.containsKey(option);
    }

    /**
     * All options.
     *
     * @return a view: option and value
     */
    public Map<String, Double> options() {
        return Collections.unmodifiableMap(options);
    }

    /**
     * The options the group was made with, whatever became of them since.
     *
     * @return option and value
     */
    public Map<String, Double> configured() {
        return configured;
    }

    private ConfigurationException unknown(String option) {
        return new ConfigurationException(
                "Parameter group '" + name + "' has no option '" + option + "'; it has " + options.keySet() + ".");
    }
}
