package io.github.lightning4j.internal.torch;

import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A recording of libtorch's profiler, which knows one at a time. */
public final class TorchTrace {
    private static final AtomicInteger OPEN = new AtomicInteger();

    private TorchTrace() {}

    /** Starts to record the operations of this thread, and of backward. */
    public static TorchTrace start() {
        JniUtils.startProfile(TorchRuntime.gpuCount() > 0, true, false);
        OPEN.incrementAndGet();
        return new TorchTrace();
    }

    /** Whether there is a recording that another one would disturb. */
    public static boolean isRecording() {
        return OPEN.get() > 0;
    }

    /** Ends the recording and writes it as a Chrome trace. */
    public void stop(Path file) {
        OPEN.decrementAndGet();
        JniUtils.stopProfile(file.toAbsolutePath().toString());
    }
}
