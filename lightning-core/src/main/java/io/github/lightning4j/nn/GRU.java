package io.github.lightning4j.nn;

/** torch's {@code GRU}: gated recurrent units (Cho et al. 2014), gates in the order reset, update, new; one state. */
public final class GRU extends Recurrent {

    /**
     * Creates one layer in one direction.
     *
     * @param inputSize numbers a step, 1 or more
     * @param hiddenSize numbers a state, 1 or more
     */
    public GRU(int inputSize, int hiddenSize) {
        this(inputSize, hiddenSize, RecurrentOptions.builder().build());
    }

    /**
     * Creates the layers.
     *
     * @param inputSize numbers a step, 1 or more
     * @param hiddenSize numbers a state, 1 or more
     * @param options layers, directions, dropout
     * @throws io.github.lightning4j.ConfigurationException if a size is less than 1
     */
    public GRU(int inputSize, int hiddenSize, RecurrentOptions options) {
        super("gru", 3, 1, inputSize, hiddenSize, options);
    }
}
