package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.AMSGRAD;
import static io.github.lightning4j.optim.Option.BETA1;
import static io.github.lightning4j.optim.Option.BETA2;
import static io.github.lightning4j.optim.Option.EPS;
import static io.github.lightning4j.optim.Option.LR;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import java.util.List;
import java.util.Map;

/**
 * Adam, as {@code torch.optim.Adam}.
 *
 * <p>With the gradient g of step t (negated to maximise), learning rate γ, weight decay λ and ε = eps:
 *
 * <pre>
 * g = g + λ w
 * m = β₁ m + (1 - β₁) g
 * v = β₂ v + (1 - β₂) g²
 * w = w - γ m / (1 - β₁ᵗ) / (√(v / (1 - β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>With amsgrad, the largest v so far takes the place of v in the last line.
 *
 * <p>Defaults: lr 1e-3, betas 0.9 and 0.999, eps 1e-8, weight decay 0, no amsgrad.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, 2014</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html">torch.optim.Adam</a>
 */
public final class Adam extends TorchOptimizer {
    private Adam(Builder builder) {
        super(builder);
    }

    /**
     * Starts an Adam.
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
        return AdamRule.tensorNames(group);
    }

    @Override
    void update(ParamBucket bucket) {
        AdamRule.update(bucket, false);
    }

    /** Builds an {@link Adam}. */
    public static final class Builder extends AdamBuilder<Builder> {
        private Builder(PairList<String, Parameter> parameters) {
            super("Adam", parameters, Map.of(LR, 1e-3, BETA1, 0.9, BETA2, 0.999, EPS, 1e-8, AMSGRAD, 0.0));
        }

        /**
         * Chooses the AMSGrad variant (Reddi et al., 2018), whose divisor never shrinks.
         *
         * @param value true for AMSGrad
         * @return this
         */
        public Builder amsgrad(boolean value) {
            return set(AMSGRAD, value);
        }

        @Override
        public Adam build() {
            return new Adam(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
