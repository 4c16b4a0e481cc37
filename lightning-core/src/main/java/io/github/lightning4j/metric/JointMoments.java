package io.github.lightning4j.metric;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.Require;
import io.github.lightning4j.internal.name.ClassName;

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
    static final int SQUARED_ERROR = 5;
    static final int MEAN_ERROR = 6;
    static final int VAR_ERROR = 7;
    static final int SUMS = 8;

    JointMoments(int outputs) {
        super(SUMS, Require.atLeast(1, outputs, "the number of outputs"));
    }

    @Override
    final void add(double prediction, double target, double[] to, long before) {
        move(to, prediction, target, before);
    }

    static void move(double[] to, double prediction, double target, long before) {
        double x = prediction - to[MEAN_X];
        double y = target - to[MEAN_Y];
        to[MEAN_X] += x / (before + 1);
        to[MEAN_Y] += y / (before + 1);
        to[VAR_X] += x * (prediction - to[MEAN_X]);
        to[VAR_Y] += y * (target - to[MEAN_Y]);
        to[COV] += x * (target - to[MEAN_Y]);
        double error = target - prediction;
        double difference = error - to[MEAN_ERROR];
        to[SQUARED_ERROR] += error * error;
        to[MEAN_ERROR] += difference / (before + 1);
        to[VAR_ERROR] += difference * (error - to[MEAN_ERROR]);
    }

    /** 1 - missed / all, where nothing to explain is 1 if nothing is missed and 0 otherwise. */
    static double explained(double missed, double all) {
        if (missed == 0) {
            return 1;
        }
        return all == 0 ? 0 : 1 - missed / all;
    }

    @Override
    final void check(NDArray predictions) {
        Pairs.checkOutputs(ClassName.of(this), predictions, outputs());
    }
}
