package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.EPS;
import static io.github.lightning4j.optim.Option.INITIAL_ACCUMULATOR_VALUE;
import static io.github.lightning4j.optim.Option.LR;
import static io.github.lightning4j.optim.Option.LR_DECAY;
import static io.github.lightning4j.optim.Option.WEIGHT_DECAY;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.List;
import java.util.Map;

/**
 * Adagrad, as {@code torch.optim.Adagrad}.
 *
 * <p>With the gradient g of step t (negated to maximise), learning rate γ, weight decay λ and ε = eps:
 *
 * <pre>
 * g = g + λ w
 * s = s + g²
 * w = w - γ / (1 + (t - 1) η) · g / (√s + ε)      η is the learning-rate decay
 * </pre>
 *
 * <p>Defaults: lr 1e-2, lr decay 0, eps 1e-10, weight decay 0, s starts from 0.
 *
 * @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Duchi, Hazan and Singer, 2011</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html">torch.optim.Adagrad</a>
 */
public final class Adagrad extends TorchOptimizer {
    private static final String SUM = "sum";
    private static final List<String> SUMS = List.of(SUM);

    private Adagrad(Builder builder) {
        super(builder);
    }

    /**
     * Starts an Adagrad.
     *
     * @param parameters name and parameter, at least one
     * @return the builder
     * @throws ConfigurationException if there is no parameter, or one twice
     */
    public static Builder builder(PairList<String, Parameter> parameters) {
        return new Builder(parameters);
    }

    @Override
    List<String> tensorNames(ParamGroup group) {
        return SUMS;
    }

    @Override
    double initialValue(ParamGroup group) {
        return group.get(INITIAL_ACCUMULATOR_VALUE.key());
    }

    @Override
    void update(ParamBucket bucket) {
        double rate = bucket.option(LR) / (1 + (bucket.step() - 1) * bucket.option(LR_DECAY));
        TensorList sums = bucket.tensors(SUM);
        TensorList gradient = bucket.objective(bucket.option(WEIGHT_DECAY));
        sums.addcmuli(gradient, gradient, 1);
        try (TensorList divisor = sums.copy()) {
            bucket.weights().addcdivi(gradient, divisor.sqrti().addi(bucket.option(EPS)), -rate);
        }
    }

    /** Builds an {@link Adagrad}. */
    public static final class Builder extends OptimizerBuilder<Builder> {
        private Builder(PairList<String, Parameter> parameters) {
            super("Adagrad", parameters, Map.of(LR, 1e-2, LR_DECAY, 0.0, EPS, 1e-10, INITIAL_ACCUMULATOR_VALUE, 0.0));
        }

        /**
         * Sets how fast the learning rate falls with the parameter's steps.
         *
         * @param value at least 0; 0 for not at all
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder lrDecay(double value) {
            return set(LR_DECAY, value);
        }

        /**
         * Sets what is added to the divisor to keep it away from zero.
         *
         * @param value above 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder eps(double value) {
            return set(EPS, value);
        }

        /**
         * Sets what the sums of squares start from.
         *
         * @param value at least 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder initialAccumulatorValue(double value) {
            return set(INITIAL_ACCUMULATOR_VALUE, value);
        }

        @Override
        public Adagrad build() {
            return new Adagrad(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
