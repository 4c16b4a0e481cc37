package io.github.lightning4j.metric;

import io.github.lightning4j.MetricValue;

/**
 * The correlation of predictions and labels: (c s - Σ tₖ pₖ) / √((s² - Σ pₖ²) (s² - Σ tₖ²)), with c right ones of s, and
 * tₖ labels and pₖ predictions of class k. Labels of several are counted together. Of one class alone it is 0; two classes
 * that are all right or all wrong give 1 or -1.
 *
 * @see <a href="https://lightning.ai/docs/torchmetrics/stable/classification/matthews_corr_coef.html">torchmetrics</a>
 */
public final class MatthewsCorrCoef extends ConfusionMetric {
    private MatthewsCorrCoef(Builder builder) {
        super(builder.setup());
    }

    /**
     * Starts one of one class against the rest.
     *
     * @return the builder
     */
    public static Builder binary() {
        return new Builder(Task.BINARY, 2);
    }

    /**
     * Starts one over several classes of which each sample has one.
     *
     * @param classes the number of classes, 2 or more
     * @return the builder
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2
     */
    public static Builder multiclass(int classes) {
        return new Builder(Task.MULTICLASS, classes);
    }

    /**
     * Starts one over several labels of which each sample has any number.
     *
     * @param labels the number of labels, 2 or more
     * @return the builder
     * @throws io.github.lightning4j.ConfigurationException if there are fewer than 2
     */
    public static Builder multilabel(int labels) {
        return new Builder(Task.MULTILABEL, labels);
    }

    @Override
    MetricValue evaluate(ClassCounts over) {
        return MetricValue.of(over.isEmpty() ? Double.NaN : coefficient(over.total()));
    }

    private static double coefficient(double[][] square) {
        int n = square.length;
        double[] rows = new double[n];
        double[] columns = new double[n];
        double right = 0;
        double all = 0;
        for (int r = 0; r < n; r++) {
            right += square[r][r];
            for (int c = 0; c < n; c++) {
                rows[r] += square[r][c];
                columns[c] += square[r][c];
                all += square[r][c];
            }
        }
        if (n == 2 && (right == all || right == 0)) {
            return right == all ? 1 : -1;
        }
        double covariance = right * all;
        double ofRows = all * all;
        double ofColumns = all * all;
        for (int k = 0; k < n; k++) {
            covariance -= rows[k] * columns[k];
            ofRows -= rows[k] * rows[k];
            ofColumns -= columns[k] * columns[k];
        }
        double product = ofRows * ofColumns;
        return product == 0 ? 0 : covariance / Math.sqrt(product);
    }

    /** Builds a {@link MatthewsCorrCoef}. */
    public static final class Builder extends ClassificationBuilder<Builder> {
        private Builder(Task task, int classes) {
            super("MatthewsCorrCoef", task, classes);
        }

        /**
         * Builds it.
         *
         * @return a new metric
         */
        public MatthewsCorrCoef build() {
            return new MatthewsCorrCoef(this);
        }
    }
}
