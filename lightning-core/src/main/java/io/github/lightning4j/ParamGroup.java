package io.github.lightning4j;

import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters that share their options, as in torch's {@code param_groups}: {@code lr}, {@code weight_decay}, {@code
 * momentum} and whatever else the optimizer knows. Schedulers change options here.
 */
public final class ParamGroup {
    /** The option every group has: the learning rate. */
    public static final String LR = "lr";

    private final String name;
    private final PairList<String, Parameter> parameters;
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
     * The parameters' names, as in the module's parameter list.
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
