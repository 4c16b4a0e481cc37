package io.github.lightning4j.metric;

/** The four counts of one class: true and false positives, true and false negatives. */
record Stat(double tp, double fp, double tn, double fn) {
    static final Stat NOTHING = new Stat(0, 0, 0, 0);

    Stat plus(Stat other) {
        return new Stat(tp + other.tp, fp + other.fp, tn + other.tn, fn + other.fn);
    }

    double all() {
        return tp + fp + tn + fn;
    }

    double support() {
        return tp + fn;
    }

    /** A quotient that is 0 where there is nothing to divide by, as in torchmetrics and scikit-learn. */
    static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
