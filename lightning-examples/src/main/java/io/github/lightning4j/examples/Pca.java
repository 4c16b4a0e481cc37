package io.github.lightning4j.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Random;

/**
 * Principal component analysis: the best that can be done with a code that is a linear function of the image and an image that
 * is one of the code. The components come from subspace iteration.
 */
final class Pca {
    private static final int ROUNDS = 100;

    private final NDArray mean;
    private final NDArray components;

    /** Finds the components of rows (N, D); what is kept belongs to their manager. */
    Pca(NDArray rows, int count) {
        int size = Math.toIntExact(rows.size(1));
        mean = rows.mean(new int[] {0}, true);
        NDManager manager = rows.getManager();
        try (NDManager scratch = manager.newSubManager()) {
            NDArray centred = rows.sub(mean);
            NDArray covariance = centred.transpose().matMul(centred).div(rows.size(0));
            centred.attach(scratch);
            covariance.attach(scratch);
            float[][] basis = random(count, size);
            for (int round = 0; round < ROUNDS; round++) {
                NDArray turned = scratch.create(basis).matMul(covariance);
                for (int i = 0; i < count; i++) {
                    basis[i] = turned.get(i).toFloatArray();
                }
                makeOrthonormal(basis);
            }
            components = manager.create(basis);
        }
    }

    /** What becomes of rows (N, D) that are turned into codes and back. */
    NDArray reconstruct(NDArray rows) {
        NDArray codes = rows.sub(mean).matMul(components.transpose());
        return codes.matMul(components).add(mean);
    }

    private static float[][] random(int rows, int columns) {
        Random random = new Random(0);
        float[][] numbers = new float[rows][columns];
        for (float[] row : numbers) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return numbers;
    }

    /** The process of Gram and Schmidt. */
    private static void makeOrthonormal(float[][] rows) {
        for (int i = 0; i < rows.length; i++) {
            for (int before = 0; before < i; before++) {
                subtract(rows[i], rows[before], dot(rows[i], rows[before]));
            }
            double length = Math.sqrt(dot(rows[i], rows[i]));
            for (int k = 0; k < rows[i].length; k++) {
                rows[i][k] /= (float) length;
            }
        }
    }

    private static void subtract(float[] from, float[] row, double factor) {
        for (int k = 0; k < from.length; k++) {
            from[k] -= (float) (factor * row[k]);
        }
    }

    private static double dot(float[] one, float[] other) {
        double sum = 0;
        for (int k = 0; k < one.length; k++) {
            sum += one[k] * other[k];
        }
        return sum;
    }
}
