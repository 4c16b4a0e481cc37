package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.BETA1;
import static io.github.lightning4j.optim.Option.BETA2;
import static io.github.lightning4j.optim.Option.EPS;
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
 * Adam with the infinity norm in place of the second moment, as {@code torch.optim.Adamax}.
 *
 * <p>With the gradient g of step t (negated to maximise), learning rate γ, weight decay λ and ε = eps:
 *
 * <pre>
 * g = g + λ w
 * m = β₁ m + (1 - β₁) g
 * u = max(β₂ u, |g| + ε)
 * w = w - γ / (1 - β₁ᵗ) · m / u
 * </pre>
 *
 * <p>Defaults: lr 2e-3, betas 0.9 and 0.999, eps 1e-8, weight decay 0.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, 2014</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html">torch.optim.Adamax</a>
 */
public final class Adamax extends TorchOptimizer {
    private static final String AVERAGE = "exp_avg";
    private static final String LARGEST = "exp_inf";
    private static final List<String> MOMENTS = List.of(AVERAGE, LARGEST);

    private Adamax(Builder builder) {
        super(builder);
    }

    /**
     * Starts an Adamax.
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
        TensorList average = bucket.tensors(AVERAGE);
        TensorList largest = bucket.tensors(LARGEST);
        TensorList gradient = bucket.objective(bucket.option(WEIGHT_DECAY));
        average.lerpi(gradient, 1 - beta1);
        try (TensorList magnitude = gradient.copy()) {
            largest.muli(bucket.option(BETA2)).maximumi(magnitude.absi().addi(bucket.option(EPS)));
        }
        double rate = bucket.option(LR) / (1 - Math.pow(beta1, bucket.step()));
        bucket.weights().addcdivi(average, largest, -rate);
    }

    /** Builds an {@link Adamax}. */
    public static final class Builder extends AdamBuilder<Builder> {
        private Builder(PairList<String, Parameter> parameters) {
            super("Adamax", parameters, Map.of(LR, 2e-3, BETA1, 0.9, BETA2, 0.999, EPS, 1e-8));
        }

        @Override
        public Adamax build() {
            return new Adamax(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
