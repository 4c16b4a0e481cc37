package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Tensors of one dtype and device, treated as one long vector: every operation applies to all of them, element by element.
 * As in DJL, names that end in {@code i} change the list in place and return it. Nothing here records a graph.
 *
 * <p>{@link TensorBackend} decides how: normally one native call an operation however many tensors there are.
 */
public abstract class TensorList implements AutoCloseable {
    /**
     * Makes a list over live tensors; it does not own them.
     *
     * @param tensors the tensors, of one dtype and device
     * @return the list, to be closed
     */
    public static TensorList of(List<? extends NDArray> tensors) {
        return TensorBackend.current().listOf(tensors);
    }

    /**
     * Makes a list of new tensors with the same values.
     *
     * @return the copy, which owns its tensors and is to be closed
     */
    public abstract TensorList copy();

    /**
     * Takes over another list's values.
     *
     * @param other the values
     * @return this
     */
    public abstract TensorList set(TensorList other);

    /**
     * Sets every element to zero, also where it is not finite.
     *
     * @return this
     */
    public abstract TensorList zeroi();

    /**
     * {@code this += value}.
     *
     * @param value the summand
     * @return this
     */
    public abstract TensorList addi(double value);

    /**
     * {@code this += alpha * other}.
     *
     * @param other the summand
     * @param alpha its factor
     * @return this
     */
    public abstract TensorList addi(TensorList other, double alpha);

    /**
     * {@code this *= value}.
     *
     * @param value the factor
     * @return this
     */
    public abstract TensorList muli(double value);

    /**
     * {@code this *= other}.
     *
     * @param other the factors
     * @return this
     */
    public abstract TensorList muli(TensorList other);

    /**
     * {@code this /= other}.
     *
     * @param other the divisors
     * @return this
     */
    public abstract TensorList divi(TensorList other);

    /**
     * {@code this += value * a * b}.
     *
     * @param a the first factor
     * @param b the second factor
     * @param value the third factor
     * @return this
     */
    public abstract TensorList addcmuli(TensorList a, TensorList b, double value);

    /**
     * {@code this += value * a / b}.
     *
     * @param a the dividend
     * @param b the divisor
     * @param value a factor
     * @return this
     */
    public abstract TensorList addcdivi(TensorList a, TensorList b, double value);

    /**
     * {@code this += weight * (end - this)}.
     *
     * @param end what is approached
     * @param weight how far, 0 to 1
     * @return this
     */
    public abstract TensorList lerpi(TensorList end, double weight);

    /**
     * {@code this = max(this, other)}.
     *
     * @param other the other values
     * @return this
     */
    public abstract TensorList maximumi(TensorList other);

    /**
     * Limits every element to an interval.
     *
     * @param low the lower end
     * @param high the upper end
     * @return this
     */
    public abstract TensorList clampi(double low, double high);

    /**
     * {@code this = sqrt(this)}.
     *
     * @return this
     */
    public abstract TensorList sqrti();

    /**
     * {@code this = |this|}.
     *
     * @return this
     */
    public abstract TensorList absi();

    /**
     * {@code this = sign(this)}.
     *
     * @return this
     */
    public abstract TensorList signi();

    /**
     * The norm over all elements of all tensors.
     *
     * @param p 1, 2 or infinity; any other positive order works too
     * @return the norm
     */
    public abstract double norm(double p);

    /** Frees the list, and its tensors where it owns them. */
    @Override
    public abstract void close();
}
