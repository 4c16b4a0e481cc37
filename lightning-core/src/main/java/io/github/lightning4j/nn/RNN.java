package io.github.lightning4j.nn;

/** torch's {@code RNN}: {@code tanh(W_ih x + b_ih + W_hh h + b_hh)}; one state. */
public final class RNN extends Recurrent {

    /**
     * Creates one layer in one direction.
     *
     * @param inputSize numbers a step, 1 or more
     * @param hiddenSize numbers a state, 1 or more
     */
    public RNN(int inputSize, int hiddenSize) {
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
    public RNN(int inputSize, int hiddenSize, RecurrentOptions options) {
        super("rnn_tanh", 1, 1, inputSize, hiddenSize, options);
    }
}
