package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.BETA1;
import static io.github.lightning4j.optim.Option.BETA2;
import static io.github.lightning4j.optim.Option.DECOUPLED_WEIGHT_DECAY;
import static io.github.lightning4j.optim.Option.EPS;
import static io.github.lightning4j.optim.Option.LR;
import static io.github.lightning4j.optim.Option.MOMENTUM_DECAY;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.List;
import java.util.Map;

/**
 * Adam with Nesterov momentum, as {@code torch.optim.NAdam}.
 *
 * <p>With the gradient g of step t (negated to maximise), learning rate γ, weight decay λ and ε = eps:
 *
 * <pre>
 * g  = g + λ w, or with decoupled weight decay w = w - γ λ w
 * μₜ = β₁ (1 - 0.96^(ψ t) / 2)                 ψ is the momentum decay
 * m  = β₁ m + (1 - β₁) g
 * v  = β₂ v + (1 - β₂) g²
 * n  = (1 - μₜ) g / (1 - μ₁⋯μₜ) + μₜ₊₁ m / (1 - μ₁⋯μₜ₊₁)
 * w  = w - γ n / (√(v / (1 - β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>Defaults: lr 2e-3, betas 0.9 and 0.999, eps 1e-8, weight decay 0, momentum decay 4e-3.
 *
 * @see <a href="https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ">Dozat, 2016</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html">torch.optim.NAdam</a>
 */
public final class NAdam extends TorchOptimizer {
    private static final String AVERAGE = "exp_avg";
    private static final String SQUARES = "exp_avg_sq";
    private static final List<String> MOMENTS = List.of(AVERAGE, SQUARES);

    private NAdam(Builder builder) {
        super(builder);
    }

    /**
     * Starts an NAdam.
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
        return MOMENTS;
    }

    private static double momentum(ParamBucket bucket, long step) {
        return bucket.option(BETA1) * (1 - 0.5 * Math.pow(0.96, step * bucket.option(MOMENTUM_DECAY)));
    }

    @Override
    void update(ParamBucket bucket) {
        double lr = bucket.option(LR);
        double beta1 = bucket.option(BETA1);
        double beta2 = bucket.option(BETA2);
        TensorList weights = bucket.weights();
        TensorList average = bucket.tensors(AVERAGE);
        TensorList squares = bucket.tensors(SQUARES);
        TensorList gradient = bucket.decayed();
        long t = bucket.step();
        double mu = momentum(bucket, t);
        double next = momentum(bucket, t + 1);
        bucket.keep(mu);
        average.lerpi(gradient, 1 - beta1);
        squares.muli(beta2).addcmuli(gradient, gradient, 1 - beta2);
        try (TensorList divisor = squares.copy()) {
            divisor.muli(1 / (1 - Math.pow(beta2, t))).sqrti().addi(bucket.option(EPS));
            weights.addcdivi(gradient, divisor, -lr * (1 - mu) / (1 - bucket.initialShare()));
            weights.addcdivi(average, divisor, -lr * next / (1 - bucket.initialShare() * next));
        }
    }

    /** Builds an {@link NAdam}. */
    public static final class Builder extends AdamBuilder<Builder> {
        private Builder(PairList<String, Parameter> parameters) {
            super(
                    "NAdam",
                    parameters,
                    Map.of(
                            LR,
                            2e-3,
                            BETA1,
                            0.9,
                            BETA2,
                            0.999,
                            EPS,
                            1e-8,
                            MOMENTUM_DECAY,
                            4e-3,
                            DECOUPLED_WEIGHT_DECAY,
                            0.0));
        }

        /**
         * Sets how fast the momentum approaches beta1.
         *
         * @param value at least 0
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder momentumDecay(double value) {
            return set(MOMENTUM_DECAY, value);
        }

        /**
         * Says whether weight decay works as in {@link AdamW} instead of through the gradient.
         *
         * @param value true for decoupled weight decay
         * @return this
         */
        public Builder decoupledWeightDecay(boolean value) {
            return set(DECOUPLED_WEIGHT_DECAY, value);
        }

        @Override
        public NAdam build() {
            return new NAdam(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
