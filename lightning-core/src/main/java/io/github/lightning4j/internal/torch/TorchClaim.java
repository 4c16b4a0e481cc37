package io.github.lightning4j.internal.torch;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The claim of one fit at a time on what libtorch has once in a process: its random generator and its number of threads.
 * Two fits at once could not be reproduced.
 */
public final class TorchClaim implements AutoCloseable {
    private static final AtomicReference<@Nullable Thread> HOLDER = new AtomicReference<>();

    private TorchClaim() {}

    /**
     * Claims it for a fit on this thread.
     *
     * @return the claim, to be closed; null if a fit holds it
     */
    public static @Nullable TorchClaim take() {
        return HOLDER.compareAndSet(null, Thread.currentThread()) ? new TorchClaim() : null;
    }

    private static boolean isFree() {
        Thread holder = HOLDER.get();
        return holder == null || holder == Thread.currentThread();
    }

    /**
     * Seeds the generator, unless a fit on another thread is using it.
     *
     * @param seed any long
     */
    public static void seed(long seed) {
        if (isFree()) {
            TorchRandom.seed(seed);
        }
    }

    /**
     * Sets the number of threads one operation uses, unless a fit on another thread relies on it.
     *
     * @param count at least 1, or 0 to leave it as it is
     */
    public static void setThreads(int count) {
        if (count > 0 && isFree()) {
            TorchRuntime.setThreads(count);
        }
    }

    /** Has cuDNN try its algorithms out for each new shape and keep the fastest, or not. Nothing on a CPU. */
    public static void setBenchmark(boolean enabled) {
        if (isFree()) {
            JniUtils.setBenchmarkCuDNN(enabled);
        }
    }

    @Override
    public void close() {
        HOLDER.set(null);
    }
}
