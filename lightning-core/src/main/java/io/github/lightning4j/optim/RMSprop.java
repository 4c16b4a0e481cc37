package io.github.lightning4j.optim;

import static io.github.lightning4j.optim.Option.ALPHA;
import static io.github.lightning4j.optim.Option.CENTERED;
import static io.github.lightning4j.optim.Option.EPS;
import static io.github.lightning4j.optim.Option.LR;
import static io.github.lightning4j.optim.Option.MOMENTUM;
import static io.github.lightning4j.optim.Option.WEIGHT_DECAY;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.internal.torch.TensorList;
import java.util.List;
import java.util.Map;

/**
 * RMSprop, as {@code torch.optim.RMSprop}.
 *
 * <p>With the gradient g of a step (negated to maximise), learning rate γ, weight decay λ, momentum μ and ε = eps:
 *
 * <pre>
 * g = g + λ w
 * v = α v + (1 - α) g²
 * a = α a + (1 - α) g                     where centered
 * d = g / (√v + ε), or g / (√(v - a²) + ε) where centered
 * b = μ b + d                             where μ is not 0, else b = d
 * w = w - γ b
 * </pre>
 *
 * <p>Defaults: lr 1e-2, alpha 0.99, eps 1e-8, weight decay 0, momentum 0, not centered.
 *
 * @see <a href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">Hinton, lecture 6</a>
 * @see <a href="https://arxiv.org/abs/1308.0850">Graves, 2013, for the centered variant</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">torch.optim.RMSprop</a>
 */
public final class RMSprop extends TorchOptimizer {
    private static final String SQUARES = "square_avg";
    private static final String AVERAGE = "grad_avg";
    private static final String BUFFER = "momentum_buffer";
    private static final List<String> PLAIN = List.of(SQUARES);
    private static final List<String> WITH_MOMENTUM = List.of(SQUARES, BUFFER);
    private static final List<String> CENTERED_ONLY = List.of(SQUARES, AVERAGE);
    private static final List<String> CENTERED_WITH_MOMENTUM = List.of(SQUARES, AVERAGE, BUFFER);

    private RMSprop(Builder builder) {
        super(builder);
    }

    /**
     * Starts an RMSprop.
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
        boolean momentum = group.get(MOMENTUM.key()) > 0;
        if (group.get(CENTERED.key()) == 0) {
            return momentum ? WITH_MOMENTUM : PLAIN;
        }
        return momentum ? CENTERED_WITH_MOMENTUM : CENTERED_ONLY;
    }

    @Override
    void update(ParamBucket bucket) {
        double lr = bucket.option(LR);
        double alpha = bucket.option(ALPHA);
        double momentum = bucket.option(MOMENTUM);
        TensorList squares = bucket.tensors(SQUARES);
        TensorList gradient = bucket.objective(bucket.option(WEIGHT_DECAY));
        squares.muli(alpha).addcmuli(gradient, gradient, 1 - alpha);
        try (TensorList divisor = squares.copy()) {
            if (bucket.is(CENTERED)) {
                TensorList average = bucket.tensors(AVERAGE).lerpi(gradient, 1 - alpha);
                divisor.addcmuli(average, average, -1);
            }
            divisor.sqrti().addi(bucket.option(EPS));
            if (momentum > 0) {
                TensorList buffer = bucket.tensors(BUFFER).muli(momentum).addcdivi(gradient, divisor, 1);
                bucket.weights().addi(buffer, -lr);
            } else {
                bucket.weights().addcdivi(gradient, divisor, -lr);
            }
        }
    }

    /** Builds an {@link RMSprop}. */
    public static final class Builder extends OptimizerBuilder<Builder> {
        private Builder(PairList<String, Parameter> parameters) {
            super("RMSprop", parameters, Map.of(LR, 1e-2, ALPHA, 0.99, EPS, 1e-8, MOMENTUM, 0.0, CENTERED, 0.0));
        }

        /**
         * Sets how slowly the average of the squared gradient changes.
         *
         * @param value at least 0 and at most 1
         * @return this
         * @throws ConfigurationException if the value is out of range
         */
        public Builder alpha(double value) {
            return set(ALPHA, value);
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
         * Chooses the centered variant, whose divisor estimates the gradient's variance.
         *
         * @param value true for the centered variant
         * @return this
         */
        public Builder centered(boolean value) {
            return set(CENTERED, value);
        }

        @Override
        public RMSprop build() {
            return new RMSprop(this);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
