package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Whether libtorch records a graph on this thread, and backward. The mode is a property of the thread, on by default on
 * every thread but the one that loaded the engine; so every phase of a run sets it and puts the previous one back.
 */
public final class GradMode implements AutoCloseable {
    private final boolean previous;

    private GradMode(boolean enable) {
        previous = JniUtils.isGradMode();
        JniUtils.setGradMode(enable);
    }

    /**
     * Records a graph until closed.
     *
     * @return to be closed on the same thread
     */
    public static GradMode recording() {
        return new GradMode(true);
    }

    /**
     * Records nothing until closed.
     *
     * @return to be closed on the same thread
     */
    public static GradMode off() {
        return new GradMode(false);
    }

    /**
     * Adds the gradients of a loss to its leaves.
     *
     * @param loss a scalar with a graph
     */
    public static void backward(NDArray loss) {
        backward(loss, false);
    }

    /**
     * Adds the gradients of a loss to its leaves and leaves the graph to another backward.
     *
     * @param loss a scalar with a graph
     */
    public static void backwardRetaining(NDArray loss) {
        backward(loss, true);
    }

    private static void backward(NDArray loss, boolean retain) {
        try (NDArray one = loss.getManager().ones(loss.getShape(), loss.getDataType())) {
            JniUtils.backward((PtNDArray) loss, (PtNDArray) one, retain, false);
        }
    }

    @Override
    public void close() {
        JniUtils.setGradMode(previous);
    }
}
