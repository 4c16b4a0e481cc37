package io.github.lightning4j.logger.tensorboard;

import io.github.lightning4j.MetricValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A precision-recall curve as TensorBoard's plugin of that name wants it: true and false positives, true and false
 * negatives, precision and recall at thresholds that are equally far apart from 0 to 1.
 */
final class PrCurves {
    /** How many thresholds there are. */
    static final int THRESHOLDS = 201;

    private static final int ROWS = 6;

    private PrCurves() {}

    static boolean areIn(MetricValue.Curve curve) {
        return curve.xName().equals("recall")
                && curve.yName().equals("precision")
                && curve.lines().stream().anyMatch(PrCurves::isKnown);
    }

    static boolean isKnown(MetricValue.Line line) {
        return !line.thresholds().isEmpty()
                && line.counts().truePositives().size() == line.thresholds().size();
    }

    /** The six rows one after the other, as floats. */
    static byte[] rows(MetricValue.Line line) {
        MetricValue.Counts counts = line.counts();
        float[][] rows = new float[ROWS][THRESHOLDS];
        for (int i = 0; i < THRESHOLDS; i++) {
            int at = firstNotBelow(line.thresholds(), (double) i / (THRESHOLDS - 1));
            boolean reached = at < line.thresholds().size();
            double tp = reached ? counts.truePositives().get(at) : 0;
            double fp = reached ? counts.falsePositives().get(at) : 0;
            double[] column = {
                tp,
                fp,
                counts.negatives() - fp,
                counts.positives() - tp,
                share(tp, tp + fp),
                share(tp, counts.positives())
            };
            for (int row = 0; row < ROWS; row++) {
                rows[row][i] = (float) column[row];
            }
        }
        return bytes(rows);
    }

    /** Who reaches a threshold in between reaches the next one that is known. */
    private static int firstNotBelow(List<Double> thresholds, double least) {
        int from = 0;
        int to = thresholds.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (thresholds.get(middle) < least) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private static double share(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    private static byte[] bytes(float[][] rows) {
        ByteBuffer bytes = ByteBuffer.allocate(ROWS * THRESHOLDS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            for (float value : row) {
                bytes.putFloat(value);
            }
        }
        return bytes.array();
    }
}
