package io.github.lightning4j.internal.torch;

import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import java.util.function.Supplier;

/**
 * libtorch's graph optimizer for TorchScript. It watches the first calls and computes later ones otherwise, so that the bits
 * of a resumed run would differ.
 */
final class GraphOptimizer {
    private static final boolean USUAL =
            !"false".equalsIgnoreCase(Utils.getEnvOrSystemProperty("ai.djl.pytorch.graph_optimizer"));

    private GraphOptimizer() {}

    /** Does something without it, on this thread. */
    static <T> T without(Supplier<T> action) {
        JniUtils.setGraphExecutorOptimize(false);
        try {
            return action.get();
        } finally {
            JniUtils.setGraphExecutorOptimize(USUAL);
        }
    }
}
