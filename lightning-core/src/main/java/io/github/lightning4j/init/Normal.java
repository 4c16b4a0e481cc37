package io.github.lightning4j.init;

/** The normal distribution. */
final class Normal {
    private static final int INTERVALS = 2000;
    private static final double FAR = 40;

    private Normal() {}

    /** How likely a standard normal number is below another, to 1e-9, by Simpson's rule. */
    static double below(double x) {
        double end = Math.max(-FAR, Math.min(FAR, x));
        double width = end / INTERVALS;
        double sum = density(0) + density(end);
        for (int i = 1; i < INTERVALS; i++) {
            sum += (i % 2 == 0 ? 2 : 4) * density(i * width);
        }
        return 0.5 + sum * width / 3;
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
