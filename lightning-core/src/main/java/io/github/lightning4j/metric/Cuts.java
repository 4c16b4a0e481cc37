package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;

/** True and false positives at thresholds in descending order, and all that are positive and negative. */
record Cuts(double[] thresholds, double[] tp, double[] fp, double positives, double negatives, Kind kind) {
    /** Where the thresholds come from; of a class of several, what is undefined where it never occurs stays so. */
    enum Kind {
        EXACT,
        EXACT_OF_CLASS,
        BINNED
    }

    boolean isEmpty() {
        return positives + negatives == 0;
    }

    private boolean isExact() {
        return kind != Kind.BINNED;
    }

    /** The receiver operating characteristic; an exact one begins at (0, 0), with the threshold 1 as in torchmetrics. */
    MetricValue.Line roc(String name) {
        int first = isExact() && !isEmpty() ? 1 : 0;
        int points = isEmpty() ? 0 : thresholds.length + first;
        double[] x = new double[points];
        double[] y = new double[points];
        double[] at = new double[points];
        for (int i = 0; i < points; i++) {
            int cut = i - first;
            x[i] = cut < 0 ? 0 : Stat.ratio(fp[cut], negatives);
            y[i] = cut < 0 ? 0 : Stat.ratio(tp[cut], positives);
            at[i] = cut < 0 ? 1 : thresholds[cut];
        }
        return new MetricValue.Line(name, ConfusionMetric.list(x), ConfusionMetric.list(y), ConfusionMetric.list(at));
    }

    /** Recall (x) and precision (y) by ascending thresholds, and at the end 0 and 1. */
    MetricValue.Line precisionRecall(String name) {
        int points = isEmpty() ? 0 : thresholds.length;
        double[] x = new double[isEmpty() ? 0 : points + 1];
        double[] y = new double[x.length];
        double[] at = new double[points];
        double[] hits = new double[points];
        double[] misses = new double[points];
        for (int i = 0; i < points; i++) {
            int cut = points - 1 - i;
            hits[i] = tp[cut];
            misses[i] = fp[cut];
            x[i] = recall(cut);
            y[i] = tp[cut] / (tp[cut] + fp[cut]);
            at[i] = thresholds[cut];
        }
        if (!isEmpty()) {
            y[points] = 1;
        }
        MetricValue.Counts counts =
                new MetricValue.Counts(ConfusionMetric.list(hits), ConfusionMetric.list(misses), positives, negatives);
        return new MetricValue.Line(
                name, ConfusionMetric.list(x), ConfusionMetric.list(y), ConfusionMetric.list(at), counts);
    }

    private double recall(int cut) {
        return kind == Kind.EXACT && positives == 0 ? 1 : tp[cut] / positives;
    }

    /** The area below the receiver operating characteristic, by trapezia. */
    double area() {
        double area = 0;
        double x = isExact() ? 0 : Stat.ratio(fp[0], negatives);
        double y = isExact() ? 0 : Stat.ratio(tp[0], positives);
        for (int i = 0; i < tp.length; i++) {
            double nextX = Stat.ratio(fp[i], negatives);
            double nextY = Stat.ratio(tp[i], positives);
            area += (nextX - x) * (nextY + y) / 2;
            x = nextX;
            y = nextY;
        }
        return area;
    }

    /** The precisions, each weighted by the recall that is won at its threshold. */
    double averagePrecision() {
        if (positives == 0) {
            return kind == Kind.EXACT_OF_CLASS ? Double.NaN : 0;
        }
        double sum = 0;
        double before = 0;
        for (int i = 0; i < tp.length; i++) {
            double recall = tp[i] / positives;
            sum += (recall - before) * Stat.ratio(tp[i], tp[i] + fp[i]);
            before = recall;
        }
        return sum;
    }
}
