package io.github.lightning4j.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Where saved tensors come from: a file, or memory. */
public interface TensorSource {
    /** What to call it in messages. */
    String description();

    /** The tensors by full name. */
    Map<String, TensorEntry> tensors();

    /** Overwrites a live tensor, which has the entry's shape and dtype, in place. */
    void copyTo(TensorEntry tensor, NDArray target);
}
