package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.DataException;

/**
 * The cosine of the angle between each prediction and its target, Σ x y / (√Σ x² √Σ y²), added up or averaged over samples.
 * NaN if one of them is all zeros.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/regression/cosine_similarity.html">torchmetrics</a>
 */
public final class CosineSimilarity extends RowMetric {
    private final Reduction reduction;

    private enum Reduction {
        SUM,
        MEAN
    }

    private CosineSimilarity(Reduction reduction) {
        this.reduction = reduction;
    }

    /**
     * Creates an empty sum of similarities, which is what torchmetrics has unless told otherwise.
     *
     * @return the metric
     */
    public static CosineSimilarity sum() {
        return new CosineSimilarity(Reduction.SUM);
    }

    /**
     * Creates an empty mean of similarities.
     *
     * @return the metric
     */
    public static CosineSimilarity mean() {
        return new CosineSimilarity(Reduction.MEAN);
    }

    /**
     * Adds a batch.
     *
     * @param predictions vectors (N, D) of any dtype
     * @param target as many vectors of the same length
     * @throws DataException if the shapes differ or are not those of vectors; nothing is added then
     */
    @Override
    public void update(NDArray predictions, NDArray target) {
        super.update(predictions, target);
    }

    @Override
    double[] rows(NDArray predictions, NDArray target) {
        Pairs.checkShapes("CosineSimilarity", predictions, target);
        if (predictions.getShape().dimension() != 2) {
            throw new DataException("CosineSimilarity got shape " + predictions.getShape()
                    + ", but takes vectors (N, D). Reshape both.");
        }
        double[] x = Numbers.of(predictions);
        double[] y = Numbers.of(target);
        double[] cosines = new double[(int) predictions.getShape().get(0)];
        int width = (int) predictions.getShape().get(1);
        for (int row = 0; row < cosines.length; row++) {
            cosines[row] = cosine(x, y, row * width, width);
        }
        return cosines;
    }

    private static double cosine(double[] x, double[] y, int start, int width) {
        double dot = 0;
        double ofX = 0;
        double ofY = 0;
        for (int i = start; i < start + width; i++) {
            dot += x[i] * y[i];
            ofX += x[i] * x[i];
            ofY += y[i] * y[i];
        }
        return dot / (Math.sqrt(ofX) * Math.sqrt(ofY));
    }

    @Override
    double value(double total, long count) {
        return reduction == Reduction.SUM ? total : total / count;
    }
}
