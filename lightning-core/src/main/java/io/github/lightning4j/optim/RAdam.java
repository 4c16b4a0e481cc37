package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.BETA1;
import static io.github.lightning4j.optim.Option.BETA2;
import static io.github.lightning4j.optim.Option.DECOUPLED_WEIGHT_DECAY;
import static io.github.lightning4j.optim.Option.EPS;
import static io.github.lightning4j.optim.Option.LR;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.List;
import java.util.Map;

/**
 * Adam with a rectified variance, as {@code torch.optim.RAdam}: while too few gradients have been seen to trust the
 * second moment, it is momentum alone.
 *
 * <p>With the gradient g of step t (negated to maximise), learning rate γ, weight decay λ and ε = eps:
 *
 * <pre>
 * g  = g + λ w, or with decoupled weight decay w = w - γ λ w
 * m  = β₁ m + (1 - β₁) g
 * v  = β₂ v + (1 - β₂) g²
 * ρ∞ = 2 / (1 - β₂) - 1
 * ρₜ = ρ∞ - 2 t β₂ᵗ / (1 - β₂ᵗ)
 * r  = √((ρₜ - 4) (ρₜ - 2) ρ∞ / ((ρ∞ - 4) (ρ∞ - 2) ρₜ))
 * w  = w - γ m / (1 - β₁ᵗ) · r √(1 - β₂ᵗ) / (√v + ε)     where ρₜ > 5
 * w  = w - γ m / (1 - β₁ᵗ)                               else
 * </pre>
 *
 * <p>Defaults: lr 1e-3, betas 0.9 and 0.999, eps 1e-8, weight decay 0.
 *
 * @see <a href="https://arxiv.org/abs/1908.03265">Liu et al., 2019</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html">torch.optim.RAdam</a>
 */
public final class RAdam extends TorchOptimizer {
    private static final String AVERAGE = "exp_avg";
    private static final String SQUARES = "exp_avg_sq";
    private static final List<String> MOMENTS = List.of(AVERAGE, SQUARES);

    private RAdam(Builder builder) {
        super(builder);
    }

    /**
     * Starts an RAdam.
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

    @Override
    void update(ParamBucket bucket) {
        double beta1 = bucket.option(BETA1);
        double beta2 = bucket.option(BETA2);
        TensorList average = bucket.tensors(AVERAGE);
        TensorList squares = bucket.tensors(SQUARES);
        TensorList gradient = bucket.decayed();
        average.lerpi(gradient, 1 - beta1);
        squares.muli(beta2).addcmuli(gradient, gradient, 1 - beta2);
        double rate = bucket.option(LR) / (1 - Math.pow(beta1, bucket.step()));
        double correction2 = 1 - Math.pow(beta2, bucket.step());
        double longest = 2 / (1 - beta2) - 1;
        double length = longest - 2 * bucket.step() * (1 - correction2) / correction2;
        if (length <= 5) {
            bucket.weights().addi(average, -rate);
            return;
        }
        double rectification =
                Math.sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
        try (TensorList divisor = squares.copy()) {
            divisor.sqrti().addi(bucket.option(EPS));
            bucket.weights().addcdivi(average, divisor, -rate * rectification * Math.sqrt(correction2));
        }
    }

    /** Builds an {@link RAdam}. */
    public static final class Builder extends AdamBuilder<Builder> {
        private Builder(PairList<String, Parameter> parameters) {
            super(
                    "RAdam",
                    parameters,
                    Map.of(LR, 1e-3, BETA1, 0.9, BETA2, 0.999, EPS, 1e-8, DECOUPLED_WEIGHT_DECAY, 0.0));
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
        public RAdam build() {
            return new RAdam(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
