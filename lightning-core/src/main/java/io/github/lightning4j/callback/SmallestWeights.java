package io.github.lightning4j.callback;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** Finds the weights of least magnitude among those that are left, and takes them out of masks of ones and zeros. */
final class SmallestWeights {
    private final double amount;

    /** Takes out this share of what is left each time, to the nearest whole number. */
    SmallestWeights(double amount) {
        this.amount = amount;
    }

    /** Single weights, those of all masks compared with each other. */
    void takeOut(Map<String, float[]> magnitudes, Map<String, float[]> masks) {
        long size = masks.values().stream().mapToLong(mask -> mask.length).sum();
        float[] left = new float[Math.toIntExact(size)];
        int count = 0;
        for (Map.Entry<String, float[]> entry : masks.entrySet()) {
            float[] sizes = Objects.requireNonNull(magnitudes.get(entry.getKey()));
            for (int i = 0; i < sizes.length; i++) {
                if (entry.getValue()[i] != 0) {
                    left[count++] = sizes[i];
                }
            }
        }
        Quota quota = new Quota(left, count);
        masks.forEach((name, mask) -> {
            float[] sizes = Objects.requireNonNull(magnitudes.get(name));
            for (int i = 0; i < mask.length; i++) {
                if (mask[i] != 0 && quota.takes(sizes[i])) {
                    mask[i] = 0;
                }
            }
        });
    }

    /** Whole rows of {@code width} weights of one mask, by the square roots of the sums of their squares. */
    void takeOutRows(float[] magnitudes, float[] mask, int width) {
        int rows = mask.length / Math.max(1, width);
        float[] norms = new float[rows];
        float[] left = new float[rows];
        int count = 0;
        for (int row = 0; row < rows; row++) {
            norms[row] = norm(magnitudes, row * width, width);
            if (mask[row * width] != 0) {
                left[count++] = norms[row];
            }
        }
        Quota quota = new Quota(left, count);
        for (int row = 0; row < rows; row++) {
            if (mask[row * width] != 0 && quota.takes(norms[row])) {
                Arrays.fill(mask, row * width, (row + 1) * width, 0);
            }
        }
    }

    private static float norm(float[] values, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += (double) values[i] * values[i];
        }
        return (float) Math.sqrt(sum);
    }

    /** Takes so many of the smallest; of equal ones those that come first. */
    private final class Quota {
        private final float bound;
        private long ofBound;

        Quota(float[] left, int count) {
            Arrays.sort(left, 0, count);
            int quota = (int) Math.round(amount * count);
            bound = quota == 0 ? Float.NEGATIVE_INFINITY : left[quota - 1];
            for (int i = quota - 1; i >= 0 && Float.compare(left[i], bound) == 0; i--) {
                ofBound++;
            }
        }

        boolean takes(float value) {
            int order = Float.compare(value, bound);
            return order < 0 || (order == 0 && ofBound-- > 0);
        }
    }
}
