package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.EPS;
import static io.github.lightning4j.optim.Option.LR;
import static io.github.lightning4j.optim.Option.RHO;
import static io.github.lightning4j.optim.Option.WEIGHT_DECAY;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.List;
import java.util.Map;

/**
 * Adadelta, as {@code torch.optim.Adadelta}.
 *
 * <p>With the gradient g of a step (negated to maximise), learning rate γ, weight decay λ and ε = eps:
 *
 * <pre>
 * g = g + λ w
 * v = ρ v + (1 - ρ) g²
 * d = √(u + ε) / √(v + ε) · g
 * u = ρ u + (1 - ρ) d²
 * w = w - γ d
 * </pre>
 *
 * <p>Defaults: lr 1, rho 0.9, eps 1e-6, weight decay 0.
 *
 * @see <a href="https://arxiv.org/abs/1212.5701">Zeiler, 2012</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html">torch.optim.Adadelta</a>
 */
public final class Adadelta extends TorchOptimizer {
    private static final String SQUARES = "square_avg";
    private static final String CHANGES = "acc_delta";
    private static final List<String> AVERAGES = List.of(SQUARES, CHANGES);

    private Adadelta(Builder builder) {
        super(builder);
    }

    /**
     * Starts an Adadelta.
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
        double rho = bucket.option(RHO);
        double eps = bucket.option(EPS);
        TensorList squares = bucket.tensors(SQUARES);
        TensorList changes = bucket.tensors(CHANGES);
        TensorList gradient = bucket.objective(bucket.option(WEIGHT_DECAY));
        squares.muli(rho).addcmuli(gradient, gradient, 1 - rho);
        try (TensorList divisor = squares.copy();
                TensorList change = changes.copy()) {
            divisor.addi(eps).sqrti();
            change.addi(eps).sqrti().divi(divisor).muli(gradient);
            bucket.weights().addi(change, -bucket.option(LR));
            changes.muli(rho).addcmuli(change, change, 1 - rho);
        }
    }

    /** Builds an {@link Adadelta}. */
    public static final class Builder extends OptimizerBuilder<Builder> {
        private Builder(PairList<String, Parameter> parameters) {
            super("Adadelta", parameters, Map.of(LR, 1.0, RHO, 0.9, EPS, 1e-6));
        }

        /**
         * Sets how slowly the averages of the squares change.
         *
         * @param value at least 0 and at most 1
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder rho(double value) {
            return set(RHO, value);
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

        @Override
        public Adadelta build() {
            return new Adadelta(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
