package io.github.lightning4j.nn;

/** torch's {@code LSTM}: long short-term memory (Hochreiter and Schmidhuber 1997), gates in the order input, forget, cell, output; two states, hidden
 * and cell. */
public final class LSTM extends Recurrent {

    /**
     * Creates one layer in one direction.
     *
     * @param inputSize numbers a step, 1 or more
     * @param hiddenSize numbers a state, 1 or more
     */
    public LSTM(int inputSize, int hiddenSize) {
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
    public LSTM(int inputSize, int hiddenSize, RecurrentOptions options) {
        super("lstm", 4, 2, inputSize, hiddenSize, options);
    }
}
