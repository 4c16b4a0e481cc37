package io.github.lightning4j.internal.torch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * How {@link TensorList} works. {@link #SCRIPTED} needs operators whose schemas belong to the libtorch version; where they
 * are missing, or where the system property {@value #PROPERTY} is {@code plain}, {@link #PLAIN} takes over and says so once.
 */
public enum TensorBackend {
    /** libtorch's foreach and fused kernels, reached through {@link TorchScript}: one native call for all tensors. */
    SCRIPTED,
    /** DJL's own operations, tensor by tensor. */
    PLAIN;

    /** The system property that chooses the back end: {@code scripted} (the default) or {@code plain}. */
    public static final String PROPERTY = "lightning4j.tensors";

    private static volatile TensorBackend current = choose();

    /**
     * The back end of lists made from now on.
     *
     * @return the back end
     */
    public static TensorBackend current() {
        return current;
    }

    /**
     * Changes the back end of lists made from now on, in the whole JVM; for tests and comparisons.
     *
     * @param backend the back end
     */
    public static void use(TensorBackend backend) {
        current = backend;
    }

    TensorList listOf(List<? extends NDArray> tensors) {
        return this == SCRIPTED ? new ScriptedTensorList(tensors) : new PlainTensorList(tensors);
    }

    private static TensorBackend choose() {
        return "plain".equalsIgnoreCase(System.getProperty(PROPERTY)) ? PLAIN : scriptedIf(TensorKernels::check);
    }

    /** The scripted back end if the check passes; else the plain one, with a warning. */
    static TensorBackend scriptedIf(Runnable check) {
        try {
            check.run();
            return SCRIPTED;
        } catch (EngineException | LinkageError e) {
            LoggerFactory.getLogger(TensorBackend.class)
                    .warn(
                            "This libtorch does not offer the foreach and fused kernels; optimizers run tensor by tensor,"
                                    + " which is slower but computes the same.",
                            e);
            return PLAIN;
        }
    }
}
