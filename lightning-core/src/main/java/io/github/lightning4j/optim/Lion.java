package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.BETA1;
import static io.github.lightning4j.optim.Option.BETA2;
import static io.github.lightning4j.optim.Option.LR;
import static io.github.lightning4j.optim.Option.WEIGHT_DECAY;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.List;
import java.util.Map;

/**
 * Lion, which steps by the sign of an average of gradients. torch has no Lion; names and defaults are those of its
 * authors.
 *
 * <p>With the gradient g of step t (negated to maximise), learning rate γ and weight decay λ:
 *
 * <pre>
 * c = β₁ m + (1 - β₁) g
 * w = w - γ (sign(c) + λ w)
 * m = β₂ m + (1 - β₂) g
 * </pre>
 *
 * <p>Defaults: lr 1e-4, betas 0.9 and 0.99, weight decay 0. Every element moves by the learning rate at each step, so
 * it is usually chosen 3 to 10 times smaller than Adam's, and the weight decay as much larger.
 *
 * @see <a href="https://arxiv.org/abs/2302.06675">Chen et al., 2023, algorithm 2</a>
 */
public final class Lion extends TorchOptimizer {
    private static final String AVERAGE = "exp_avg";
    private static final List<String> AVERAGES = List.of(AVERAGE);

    private Lion(Builder builder) {
        super(builder);
    }

    /**
     * Starts a Lion.
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
        return AVERAGES;
    }

    @Override
    void update(ParamBucket bucket) {
        double lr = bucket.option(LR);
        TensorList average = bucket.tensors(AVERAGE);
        TensorList gradient = bucket.objective(0);
        bucket.weights().muli(1 - lr * bucket.option(WEIGHT_DECAY));
        try (TensorList direction = average.copy()) {
            direction.lerpi(gradient, 1 - bucket.option(BETA1)).signi();
            bucket.weights().addi(direction, -lr);
        }
        average.lerpi(gradient, 1 - bucket.option(BETA2));
    }

    /** Builds a {@link Lion}. */
    public static final class Builder extends OptimizerBuilder<Builder> {
        private Builder(PairList<String, Parameter> parameters) {
            super("Lion", parameters, Map.of(LR, 1e-4, BETA1, 0.9, BETA2, 0.99));
        }

        /**
         * Sets how slowly the average of the gradient changes.
         *
         * @param beta1 its weight in the direction of a step, at least 0 and below 1
         * @param beta2 its weight in the average kept, at least 0 and below 1
         * @return this
         * @throws ConfigurationException if a value is out of range
         */
        public Builder betas(double beta1, double beta2) {
            set(BETA1, beta1);
            return set(BETA2, beta2);
        }

        @Override
        public Lion build() {
            return new Lion(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
