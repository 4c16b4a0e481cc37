package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import io.github.lightning4j.internal.torch.GradientSet;
import java.util.List;
import java.util.Map;

/**
 * The gradients of an {@link Optimizer}'s parameters, measured and changed in place; the Trainer's {@code gradientClipVal}
 * does the usual. A module that overrides {@code configureGradientClipping}, or optimizes by itself, asks its optimizer:
 *
 * <pre>{@code
 * public void configureGradientClipping(Optimizer optimizer, double value, GradientClipAlgorithm algorithm) {
 *     log("grad_norm", optimizer.gradients().clipNorm(1.0, 2, true));
 * }
 * }</pre>
 *
 * <p>Parameters that are frozen or have no gradient do not count, except in {@link #zero} and {@link #defined}. Several
 * dtypes and devices may be mixed. What became of the parameters since the last call is noticed by each call.
 */
public final class Gradients implements AutoCloseable {
    private final GradientSet set;

    private Gradients(GradientSet set) {
        this.set = set;
    }

    /**
     * The gradients of the parameters that groups have now: what an optimizer written against {@link Optimizer} keeps.
     *
     * @param groups the groups; their parameters may still be uninitialised
     * @return the gradients, to be closed with the optimizer
     */
    public static Gradients of(List<ParamGroup> groups) {
        GradientSet set = new GradientSet(new PairList<>());
        groups.forEach(group -> set.add(group.pairs()));
        return over(set);
    }

    /**
     * The view of a set that one of Lightning4j's own optimizers keeps and adds to.
     *
     * @param set the set, closed with the view
     * @return the view
     */
    public static Gradients over(GradientSet set) {
        return new Gradients(set);
    }

    /**
     * The norm over all gradients together.
     *
     * @param normType 1, 2, {@link Double#POSITIVE_INFINITY} or any other positive order
     * @return the norm; 0 if there is no gradient, not finite if one is not
     * @throws ConfigurationException if {@code normType} is not above 0
     */
    public double norm(double normType) {
        return set.norm(Require.positive(normType, "Gradients: normType"));
    }

    /**
     * Scales the gradients down so that their common 2-norm is at most a bound.
     *
     * @param maxNorm the bound, above 0
     * @return the norm before clipping
     * @throws ConfigurationException if {@code maxNorm} is not above 0
     */
    public double clipNorm(double maxNorm) {
        return clipNorm(maxNorm, 2, false);
    }

    /**
     * Scales the gradients down so that their common norm is at most a bound, as torch's {@code clip_grad_norm_}: by
     * {@code maxNorm / (norm + 1e-6)} where that is below 1.
     *
     * @param maxNorm the bound, above 0
     * @param normType 1, 2, {@link Double#POSITIVE_INFINITY} or any other positive order
     * @param errorIfNonFinite whether a norm that is infinite or NaN throws, before anything is changed; if not, the
     *     gradients become zero or NaN as in torch
     * @return the norm before clipping
     * @throws ConfigurationException if {@code maxNorm} or {@code normType} is not above 0
     * @throws LightningException if the norm is not finite and that is to be an error; it names the first parameter whose
     *     gradient is not finite
     */
    public double clipNorm(double maxNorm, double normType, boolean errorIfNonFinite) {
        Require.positive(maxNorm, "Gradients: maxNorm");
        double norm = norm(normType);
        if (errorIfNonFinite && !Double.isFinite(norm)) {
            throw notFinite(norm);
        }
        set.shrink(norm, maxNorm);
        return norm;
    }

    private LightningException notFinite(double norm) {
        String first = set.firstNonFinite();
        return new LightningException(
                first == null
                        ? "The gradients' norm is " + norm + " although each of them is finite: they are too large."
                        : "The gradients' norm is " + norm
                                + "; the first parameter with a gradient that is not finite is '" + first
                                + "'. Look for a division by zero, a logarithm of zero or too high a learning rate.");
    }

    /**
     * Limits every element to the interval from {@code -value} to {@code value}, as torch's {@code clip_grad_value_}.
     *
     * @param value the bound, above 0
     * @throws ConfigurationException if {@code value} is not above 0
     */
    public void clipValue(double value) {
        set.clipByValue(Require.positive(value, "Gradients: value"));
    }

    /**
     * Clips as the Trainer's options say.
     *
     * @param value the largest 2-norm, or the largest magnitude of an element; above 0
     * @param algorithm by norm or by value
     * @return the 2-norm before clipping
     * @throws ConfigurationException if {@code value} is not above 0
     */
    public double clip(double value, GradientClipAlgorithm algorithm) {
        Require.positive(value, "clipGradients: the value");
        if (algorithm == GradientClipAlgorithm.NORM) {
            return set.clipByNorm(value, 2);
        }
        double norm = set.norm(2);
        set.clipByValue(value);
        return norm;
    }

    /**
     * Multiplies every gradient.
     *
     * @param factor the factor
     */
    public void scale(double factor) {
        set.scale(factor);
    }

    /** Sets every gradient to zero, those of frozen parameters and those that are not finite included. */
    public void zero() {
        set.zero();
    }

    /**
     * The gradients there are, those of frozen parameters included: what a checkpoint holds inside an accumulation window.
     *
     * @return name and live gradient, not to be closed; of several parameters with one name the second and further ones are
     *     numbered
     */
    public PairList<String, NDArray> defined() {
        return set.defined();
    }

    /**
     * Gives a parameter a gradient with the bits of a saved one.
     *
     * @param name the parameter's name
     * @param saved the gradient, of the parameter's shape and dtype; copied
     * @throws CheckpointException if no parameter has that name
     */
    public void restore(String name, NDArray saved) {
        requireKnown(name, set.restore(name, saved));
    }

    /**
     * Gives a parameter a gradient of zeros, which is otherwise treated than none.
     *
     * @param name the parameter's name
     * @throws CheckpointException if no parameter has that name
     */
    public void restoreZero(String name) {
        requireKnown(name, set.restoreZero(name));
    }

    private void requireKnown(String name, boolean known) {
        if (!known) {
            throw new CheckpointException("The checkpoint has a gradient of '" + name
                    + "', which the optimizer does not train: it has " + set.names()
                    + ". Resume with the module and optimizer it was saved from.");
        }
    }

    void rename(Map<Parameter, String> names) {
        set.rename(names);
    }

    /**
     * The parameters' names, in a fit their paths from the module.
     *
     * @return the names, in the order of the parameters; of several parameters with one name the second and further ones are
     *     numbered
     */
    public List<String> names() {
        return set.names();
    }

    /** Lets go of the gradients; libtorch keeps them with their parameters. */
    @Override
    public void close() {
        set.close();
    }
}
