package io.github.lightning4j.metric;

/**
 * Means, variances and covariance of pairs, moved on pair by pair by Welford's formulas, which lose no digits where the
 * means are large.
 */
abstract class JointMoments extends MomentMetric {
    static final int MEAN_X = 0;
    static final int MEAN_Y = 1;
    static final int VAR_X = 2;
    static final int VAR_Y = 3;
    static final int COV = 4;
    static final int ERROR = 5;
    private static final int SUMS = 6;

    JointMoments() {
        super(SUMS);
    }

    @Override
    final void add(double prediction, double target, double[] to, long before) {
        double x = prediction - to[MEAN_X];
        double y = target - to[MEAN_Y];
        to[MEAN_X] += x / (before + 1);
        to[MEAN_Y] += y / (before + 1);
        to[VAR_X] += x * (prediction - to[MEAN_X]);
        to[VAR_Y] += y * (target - to[MEAN_Y]);
        to[COV] += x * (target - to[MEAN_Y]);
        to[ERROR] += (prediction - target) * (prediction - target);
    }
}
