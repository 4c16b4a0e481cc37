package io.github.lightning4j.internal.torch;

import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;

/** A recording of libtorch's profiler, which knows one at a time. */
public final class TorchTrace {
    private TorchTrace() {}

    /** Starts to record the operations of this thread, and of backward. */
    public static TorchTrace start() {
        JniUtils.startProfile(TorchRuntime.gpuCount() > 0, true, false);
        return new TorchTrace();
    }

    /** Ends the recording and writes it as a Chrome trace. */
    public void stop(Path file) {
        JniUtils.stopProfile(file.toAbsolutePath().toString());
    }
}
