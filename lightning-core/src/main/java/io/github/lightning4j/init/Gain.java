package io.github.lightning4j.init;

/** By how much weights are widened before a function that narrows what it is given: torch's {@code calculate_gain}. */
public final class Gain {
    private Gain() {}

    /**
     * For linear and convolutional layers that nothing follows, and for sigmoid.
     *
     * @return 1
     */
    public static double linear() {
        return 1;
    }

    /**
     * For tanh.
     *
     * @return 5/3
     */
    public static double tanh() {
        return 5.0 / 3;
    }

    /**
     * For ReLU.
     *
     * @return the square root of 2
     */
    public static double relu() {
        return Math.sqrt(2);
    }

    /**
     * For leaky ReLU.
     *
     * @param slope its slope below 0
     * @return the square root of 2 / (1 + slope²)
     */
    public static double leakyRelu(double slope) {
        return Math.sqrt(2 / (1 + slope * slope));
    }

    /**
     * For SELU.
     *
     * @return 3/4
     */
    public static double selu() {
        return 0.75;
    }
}
