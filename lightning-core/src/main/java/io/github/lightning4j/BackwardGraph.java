package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import io.github.lightning4j.internal.torch.GradMode;

/** What becomes of the graph that backward runs through. */
public enum BackwardGraph {
    /** It is freed on the way, which takes the least memory. */
    FREE {
        @Override
        public void backward(NDArray loss) {
            GradMode.backward(loss);
        }
    },
    /** It stays, so that another backward can run through it; torch's {@code retain_graph}. */
    RETAIN {
        @Override
        public void backward(NDArray loss) {
            GradMode.backwardRetaining(loss);
        }
    };

    /**
     * Adds the gradients of a loss to the parameters it was computed from.
     *
     * @param loss a scalar with a graph
     */
    public abstract void backward(NDArray loss);
}
