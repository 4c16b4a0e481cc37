package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Among how many equally likely tokens a language model hesitates: exp(-Σ ln p / n), with the probability p that the softmax
 * of its scores gives each of n tokens.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/text/perplexity.html">torchmetrics</a>
 */
public final class Perplexity extends RowMetric {
    private final @Nullable Integer ignoreIndex;

    /** Creates an empty perplexity over all tokens. */
    public Perplexity() {
        this.ignoreIndex = null;
    }

    /**
     * Creates an empty perplexity that leaves tokens out.
     *
     * @param ignoreIndex the token that is left out where it is the target, such as the padding or -100
     */
    public Perplexity(int ignoreIndex) {
        this.ignoreIndex = ignoreIndex;
    }

    /**
     * Adds a batch.
     *
     * @param predictions logits (N, L, V) for L positions and V tokens, of a floating point dtype
     * @param target tokens from 0 to V - 1 of shape (N, L) and an integer dtype
     * @throws DataException if the shapes do not fit or a target is no token; nothing is added then
     */
    @Override
    public void update(NDArray predictions, NDArray target) {
        super.update(predictions, target);
    }

    @Override
    double[] rows(NDArray predictions, NDArray target) {
        Shape shape = predictions.getShape();
        if (shape.dimension() != 3
                || !shape.slice(0, 2).equals(target.getShape())
                || !predictions.getDataType().isFloating()
                || target.getDataType().isFloating()) {
            throw new DataException("Perplexity got predictions of shape " + shape + " and dtype "
                    + predictions.getDataType() + " for targets of shape " + target.getShape() + " and dtype "
                    + target.getDataType() + ", but takes logits (N, L, V) for integer tokens (N, L).");
        }
        int vocabulary = (int) shape.get(2);
        double[] tokens = Numbers.of(target);
        checkTokens(tokens, vocabulary);
        IntToDoubleFunction logits = Numbers.reader(predictions);
        double[] losses = new double[tokens.length];
        int count = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (!ignores(tokens[i])) {
                losses[count++] = loss(logits, i * vocabulary, vocabulary, (int) tokens[i]);
            }
        }
        return Arrays.copyOf(losses, count);
    }

    private boolean ignores(double token) {
        return ignoreIndex != null && token == ignoreIndex;
    }

    private void checkTokens(double[] tokens, int vocabulary) {
        for (int i = 0; i < tokens.length; i++) {
            if (!ignores(tokens[i]) && !(tokens[i] >= 0 && tokens[i] < vocabulary)) {
                throw new DataException("Perplexity got token " + (long) tokens[i] + " at position " + i
                        + ", but there are " + vocabulary + " tokens (0.." + (vocabulary - 1)
                        + "). What is to be left out is given to its constructor.");
            }
        }
    }

    private static double loss(IntToDoubleFunction logits, int start, int vocabulary, int token) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = start; i < start + vocabulary; i++) {
            largest = Math.max(largest, logits.applyAsDouble(i));
        }
        double sum = 0;
        for (int i = start; i < start + vocabulary; i++) {
            sum += Math.exp(logits.applyAsDouble(i) - largest);
        }
        return largest + Math.log(sum) - logits.applyAsDouble(start + token);
    }

    @Override
    double value(double total, long count) {
        return Math.exp(total / count);
    }
}
