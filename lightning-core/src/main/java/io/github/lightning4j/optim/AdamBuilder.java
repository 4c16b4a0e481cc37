package io.github.lightning4j.optim;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import java.util.Map;

/**
 * The options that Adam and its relatives share.
 *
 * @param <B> the builder's own type
 */
public abstract class AdamBuilder<B extends AdamBuilder<B>> extends OptimizerBuilder<B> {
    AdamBuilder(String optimizer, PairList<String, Parameter> parameters, Map<Option, Double> defaults) {
        super(optimizer, parameters, defaults);
    }

    /**
     * Sets how slowly the averages of the gradient and of its square change.
     *
     * @param beta1 for the gradient, at least 0 and below 1
     * @param beta2 for its square, at least 0 and below 1
     * @return this
     * @throws ConfigurationException if a value is out of range
     */
    public B betas(double beta1, double beta2) {
        set(Option.BETA1, beta1);
        return set(Option.BETA2, beta2);
    }

    /**
     * Sets what is added to the divisor to keep it away from zero.
     *
     * @param value above 0
     * @return this
     * @throws ConfigurationException if the value is out of range
     */
    public B eps(double value) {
        return set(Option.EPS, value);
    }
}
