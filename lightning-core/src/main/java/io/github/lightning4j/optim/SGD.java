package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.DAMPENING;
import static io.github.lightning4j.optim.Option.LR;
import static io.github.lightning4j.optim.Option.MAXIMIZE;
import static io.github.lightning4j.optim.Option.MOMENTUM;
import static io.github.lightning4j.optim.Option.NESTEROV;
import static io.github.lightning4j.optim.Option.WEIGHT_DECAY;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.FusedKernels;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent, with momentum where wanted, as {@code torch.optim.SGD}.
 *
 * <p>With the gradient g of step t (negated to maximise), learning rate γ, weight decay λ, momentum μ and dampening τ:
 *
 * <pre>
 * g  = g + λ w
 * b₁ = g,   bₜ = μ bₜ₋₁ + (1 - τ) g      where μ is not 0
 * g  = g + μ bₜ with Nesterov momentum, else bₜ
 * w  = w - γ g
 * </pre>
 *
 * <p>Defaults: lr 1e-3, momentum 0, dampening 0, weight decay 0, no Nesterov momentum.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">torch.optim.SGD</a>
 */
public final class SGD extends TorchOptimizer {
    private static final String BUFFER = "momentum_buffer";
    private static final List<String> WITH_MOMENTUM = List.of(BUFFER);
    private static final List<String> NOTHING = List.of();

    private SGD(Builder builder) {
        super(builder);
    }

    /**
     * Starts an SGD.
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
        return group.get(MOMENTUM.key()) == 0 ? NOTHING : WITH_MOMENTUM;
    }

    @Override
    void checkCombination(ParamGroup group) {
        double momentum = group.get(MOMENTUM.key());
        double dampening = group.get(DAMPENING.key());
        if (group.get(NESTEROV.key()) != 0 && (momentum == 0 || dampening != 0)) {
            throw new ConfigurationException("SGD: Nesterov momentum needs a momentum above 0 and a dampening of 0, but"
                    + " group '" + group.name() + "' has momentum " + momentum + " and dampening " + dampening + ".");
        }
    }

    @Override
    void update(ParamBucket bucket) {
        double lr = bucket.option(LR);
        double momentum = bucket.option(MOMENTUM);
        double dampening = bucket.option(DAMPENING);
        double decay = bucket.option(WEIGHT_DECAY);
        boolean nesterov = bucket.is(NESTEROV);
        TensorList weights = bucket.weights();
        TensorList buffer = bucket.tensors(BUFFER);
        boolean first = bucket.initialShare() == 1;
        if (momentum != 0) {
            bucket.keep(0);
        }
        if (bucket.fusable()) {
            boolean maximize = bucket.is(MAXIMIZE);
            FusedKernels.sgd(
                    weights, bucket.gradients(), buffer, nesterov, maximize, first, lr, momentum, dampening, decay);
            return;
        }
        TensorList gradient = bucket.objective(decay);
        if (momentum == 0) {
            weights.addi(gradient, -lr);
            return;
        }
        if (first) {
            buffer.set(gradient);
        } else {
            buffer.muli(momentum).addi(gradient, 1 - dampening);
        }
        if (nesterov) {
            weights.addi(gradient, -lr).addi(buffer, -lr * momentum);
        } else {
            weights.addi(buffer, -lr);
        }
    }

    /** Builds an {@link SGD}. */
    public static final class Builder extends OptimizerBuilder<Builder> {
        private Builder(PairList<String, Parameter> parameters) {
            super("SGD", parameters, Map.of(LR, 1e-3, MOMENTUM, 0.0, DAMPENING, 0.0, NESTEROV, 0.0));
        }

        /**
         * Sets the momentum.
         *
         * @param value at least 0; 0 for none
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder momentum(double value) {
            return set(MOMENTUM, value);
        }

        /**
         * Sets the dampening of the momentum.
         *
         * @param value a finite number
         * @return this
         * @throws ConfigurationException if the value is not finite
         */
        public Builder dampening(double value) {
            return set(DAMPENING, value);
        }

        /**
         * Chooses Nesterov momentum, which needs a momentum and no dampening.
         *
         * @param value true for Nesterov momentum
         * @return this
         */
        public Builder nesterov(boolean value) {
            return set(NESTEROV, value);
        }

        @Override
        public SGD build() {
            return new SGD(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
