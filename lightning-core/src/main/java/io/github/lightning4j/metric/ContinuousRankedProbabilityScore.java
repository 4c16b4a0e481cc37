package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.lightning4j.DataException;
import java.util.Arrays;

/**
 * How far an ensemble of m forecasts x is from what came, y: the mean over samples of Σ |xᵢ - y| / m - Σᵢⱼ |xᵢ - xⱼ| / (2 m²).
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/continuous_ranked_probability_score.html">
 *     torchmetrics</a>
 */
public final class ContinuousRankedProbabilityScore extends RowMetric {
    /** Creates an empty score. */
    public ContinuousRankedProbabilityScore() {}

    /**
     * Adds a batch.
     *
     * @param predictions the forecasts (N, M) of M members of an ensemble, 2 or more, of any dtype
     * @param target what came, of shape (N)
     * @throws DataException if the shapes are others; nothing is added then
     */
    @Override
    public void update(NDArray predictions, NDArray target) {
        super.update(predictions, target);
    }

    @Override
    double[] rows(NDArray predictions, NDArray target) {
        Shape shape = predictions.getShape();
        if (shape.dimension() != 2 || shape.get(1) < 2 || !shape.slice(0, 1).equals(target.getShape())) {
            throw new DataException("ContinuousRankedProbabilityScore got predictions of shape " + shape
                    + " for targets of shape " + target.getShape()
                    + ", but takes forecasts (N, M) of 2 members or more for targets (N).");
        }
        double[] x = Numbers.of(predictions);
        double[] y = Numbers.of(target);
        int members = (int) shape.get(1);
        double[] scores = new double[y.length];
        for (int row = 0; row < y.length; row++) {
            scores[row] = score(Arrays.copyOfRange(x, row * members, (row + 1) * members), y[row]);
        }
        return scores;
    }

    /** In ascending order, Σᵢⱼ |xᵢ - xⱼ| / 2 is Σ (2 i + 1 - m) xᵢ. */
    private static double score(double[] members, double target) {
        Arrays.sort(members);
        int m = members.length;
        double apart = 0;
        double spread = 0;
        for (int i = 0; i < m; i++) {
            apart += Math.abs(members[i] - target);
            spread += (2 * i + 1 - m) * members[i];
        }
        return apart / m - spread / ((double) m * m);
    }
}
