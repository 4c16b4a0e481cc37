package io.github.lightning4j.tuner;

/** How the learning rate rises from the smallest to the largest. */
public enum RangeMode {
    /** By the same factor at each step: each decade gets as many steps. */
    EXPONENTIAL,
    /** By the same amount at each step. */
    LINEAR;

    /** The rate of one of some steps, of which the first has the smallest and the last the largest. */
    double rate(long step, long steps, double min, double max) {
        if (step <= 0 || steps == 1) {
            return min;
        }
        if (step >= steps - 1) {
            return max;
        }
        double share = (double) step / (steps - 1);
        return this == LINEAR ? min + (max - min) * share : min * Math.pow(max / min, share);
    }
}
