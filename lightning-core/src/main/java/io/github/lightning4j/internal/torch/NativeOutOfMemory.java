package io.github.lightning4j.internal.torch;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Locale;

/** How libtorch's and Java's failures for want of memory are recognised, and what is given back after one. */
public final class NativeOutOfMemory {
    private static final List<String> WORDS = List.of(
            "out of memory",
            "can't allocate memory",
            "cannot allocate memory",
            "not enough memory",
            "failed to allocate",
            "cublas_status_alloc_failed",
            "cudnn_status_alloc_failed",
            "bad_alloc");

    private NativeOutOfMemory() {}

    /** Whether a failure, or what caused it, is that memory ran out. */
    public static boolean caused(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof OutOfMemoryError || WORDS.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }

    /** Gives memory that is free, but kept for later, back to the system and the device. */
    public static void release() {
        MemoryReserve.trim();
        if (TorchRuntime.gpuCount() > 0) {
            JniUtils.emptyCudaCache();
        }
    }
}
