package io.github.lightning4j.nn;

/** torch's {@code ConvTranspose1d}, of sequences, in place of DJL's, which throws on PyTorch. */
public final class ConvTranspose1d extends ConvTranspose {

    /**
     * Creates the layer with a stride of 1 and no padding.
     *
     * @param inputs channels of inputs, 1 or more
     * @param outputs channels of outputs, 1 or more
     * @param kernel the length of the kernel, 1 or more
     * @throws io.github.lightning4j.ConfigurationException if a number is out of range
     */
    public ConvTranspose1d(int inputs, int outputs, int kernel) {
        this(inputs, outputs, kernel, 1, 0, 0);
    }

    /**
     * Creates the layer.
     *
     * @param inputs channels of inputs, 1 or more
     * @param outputs channels of outputs, 1 or more
     * @param kernel the length of the kernel, 1 or more
     * @param stride how many places of the output one of the input is apart, 1 or more
     * @param padding how many places are cut off at each end of the output, 0 or more
     * @param outputPadding how many places are added at one end, 0 or more and below the stride
     * @throws io.github.lightning4j.ConfigurationException if a number is out of range
     */
    public ConvTranspose1d(int inputs, int outputs, int kernel, int stride, int padding, int outputPadding) {
        super(1, inputs, outputs, kernel, stride, padding, outputPadding);
    }
}
