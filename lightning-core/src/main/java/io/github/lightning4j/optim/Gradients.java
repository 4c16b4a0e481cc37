package io.github.lightning4j.optim;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.internal.torch.GradientSet;
import java.util.function.ToDoubleFunction;

/**
 * Measures and clips the gradients of an optimizer's parameters, for a module that overrides {@code
 * configureGradientClipping} or optimizes by itself; the Trainer's {@code gradientClipVal} does the usual.
 *
 * <pre>{@code
 * public void configureGradientClipping(Optimizer optimizer, double value, GradientClipAlgorithm algorithm) {
 *     log("grad_norm", Gradients.clipNorm(optimizer, 1.0, 2, true));
 * }
 * }</pre>
 *
 * <p>Parameters that are frozen or have no gradient do not count. Several dtypes and devices may be mixed.
 */
public final class Gradients {
    private Gradients() {}

    /**
     * The norm over all gradients together.
     *
     * @param optimizer the optimizer
     * @param normType 1, 2, {@link Double#POSITIVE_INFINITY} or any other positive order
     * @return the norm; 0 if there is no gradient, not finite if one is not
     * @throws ConfigurationException if {@code normType} is not above 0
     */
    public static double norm(Optimizer optimizer, double normType) {
        checkPositive("normType", normType);
        return apply(optimizer, gradients -> gradients.norm(normType));
    }

    /**
     * Scales the gradients down so that their common 2-norm is at most a bound.
     *
     * @param optimizer the optimizer
     * @param maxNorm the bound, above 0
     * @return the norm before clipping
     * @throws ConfigurationException if {@code maxNorm} is not above 0
     */
    public static double clipNorm(Optimizer optimizer, double maxNorm) {
        return clipNorm(optimizer, maxNorm, 2, false);
    }

    /**
     * Scales the gradients down so that their common norm is at most a bound, as torch's {@code clip_grad_norm_}: by
     * {@code maxNorm / (norm + 1e-6)} where that is below 1.
     *
     * @param optimizer the optimizer
     * @param maxNorm the bound, above 0
     * @param normType 1, 2, {@link Double#POSITIVE_INFINITY} or any other positive order
     * @param errorIfNonFinite whether a norm that is infinite or NaN throws, before anything is changed; if not, the
     *     gradients become zero or NaN as in torch
     * @return the norm before clipping
     * @throws ConfigurationException if {@code maxNorm} or {@code normType} is not above 0
     * @throws LightningException if the norm is not finite and that is to be an error; it names the first parameter whose
     *     gradient is not finite
     */
    public static double clipNorm(Optimizer optimizer, double maxNorm, double normType, boolean errorIfNonFinite) {
        checkPositive("maxNorm", maxNorm);
        checkPositive("normType", normType);
        return apply(optimizer, gradients -> {
            double norm = gradients.norm(normType);
            if (errorIfNonFinite && !Double.isFinite(norm)) {
                throw notFinite(gradients, norm);
            }
            gradients.shrink(norm, maxNorm);
            return norm;
        });
    }

    /**
     * Limits every element to the interval from {@code -value} to {@code value}, as torch's {@code clip_grad_value_}.
     *
     * @param optimizer the optimizer
     * @param value the bound, above 0
     * @throws ConfigurationException if {@code value} is not above 0
     */
    public static void clipValue(Optimizer optimizer, double value) {
        checkPositive("value", value);
        apply(optimizer, gradients -> {
            gradients.clipByValue(value);
            return 0;
        });
    }

    private static LightningException notFinite(GradientSet gradients, double norm) {
        String first = gradients.firstNonFinite();
        return new LightningException(
                first == null
                        ? "The gradients' norm is " + norm + " although each of them is finite: they are too large."
                        : "The gradients' norm is " + norm
                                + "; the first parameter with a gradient that is not finite is '" + first
                                + "'. Look for a division by zero, a logarithm of zero or too high a learning rate.");
    }

    /** Uses the gradients that our optimizers have at hand; those of other optimizers are fetched each time. */
    private static double apply(Optimizer optimizer, ToDoubleFunction<GradientSet> action) {
        if (optimizer instanceof TorchOptimizer torch) {
            return action.applyAsDouble(torch.gradients());
        }
        if (optimizer instanceof DjlOptimizer djl) {
            return action.applyAsDouble(djl.gradients());
        }
        PairList<String, Parameter> parameters = new PairList<>();
        optimizer
                .paramGroups()
                .forEach(group -> parameters.addAll(new PairList<>(group.parameterNames(), group.parameters())));
        try (GradientSet gradients = new GradientSet(parameters)) {
            return action.applyAsDouble(gradients);
        }
    }

    private static void checkPositive(String what, double value) {
        if (!(value > 0)) {
            throw new ConfigurationException("Gradients: " + what + " is " + value + "; it must be above 0.");
        }
    }
}
