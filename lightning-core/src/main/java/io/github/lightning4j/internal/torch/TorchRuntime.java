package io.github.lightning4j.internal.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Utils;
import com.sun.jna.Platform;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The native engine: loaded once, quietly. */
public final class TorchRuntime {
    private static final String OPT_OUT = "OPT_OUT_TRACKING";

    private static boolean loaded;

    private TorchRuntime() {}

    /**
     * Turns off DJL's usage tracking and its probe of cloud metadata, which run when the engine loads. Whoever sets the
     * property or environment variable {@code OPT_OUT_TRACKING} themselves is heard instead.
     */
    public static void keepQuiet() {
        if (System.getenv(OPT_OUT) == null && System.getProperty(OPT_OUT) == null) {
            System.setProperty(OPT_OUT, "true");
        }
    }

    /**
     * Loads the engine.
     *
     * @throws IllegalStateException if the PyTorch engine or its native library is missing
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        keepQuiet();
        requireNatives();
        Engine engine = findEngine();
        if (engine == null) {
            throw new IllegalStateException("The PyTorch engine is not on the class path." + remedy());
        }
        loaded = true;
    }

    /** Without native libraries on the class path DJL would download some, which nobody asked for. */
    private static void requireNatives() {
        boolean chosen = Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH") != null
                || Utils.getEnvOrSystemProperty("PYTORCH_VERSION") != null;
        if (!chosen && !hasNatives()) {
            throw new IllegalStateException("libtorch is not on the class path." + remedy()
                    + " To let DJL download it, set PYTORCH_VERSION=2.7.1.");
        }
    }

    private static boolean hasNatives() {
        try {
            return ClassLoaderUtils.getResource("native/lib/pytorch.properties") != null;
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable Engine findEngine() {
        try {
            return Engine.hasEngine("PyTorch") ? Engine.getEngine("PyTorch") : null;
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalStateException(
                    "The PyTorch engine could not be loaded: " + e.getMessage() + "." + remedy(), e);
        }
    }

    private static String remedy() {
        return " Add ai.djl.pytorch:pytorch-engine, and for this machine ai.djl.pytorch:pytorch-jni with"
                + " ai.djl.pytorch:pytorch-native-cpu (or pytorch-native-cu128), classifier " + classifier()
                + "; the README has the block to paste.";
    }

    private static String classifier() {
        String os = Platform.isMac() ? "osx" : Platform.isWindows() ? "win" : "linux";
        String arch = System.getProperty("os.arch");
        return os + '-' + ("amd64".equals(arch) ? "x86_64" : arch);
    }

    /**
     * The number of GPUs libtorch can use.
     *
     * @return 0 on a CPU build or without a driver
     */
    public static int gpuCount() {
        return JniUtils.getFeatures().contains("CUDA")
                ? Engine.getEngine("PyTorch").getGpuCount()
                : 0;
    }

    /**
     * A device by its index.
     *
     * @param gpu its index, or -1 for the CPU
     * @return the device
     */
    public static Device device(int gpu) {
        return gpu < 0 ? Device.cpu() : Device.gpu(gpu);
    }

    /**
     * The number of threads one operation uses.
     *
     * @return libtorch's intra-op threads
     */
    public static int threads() {
        return JniUtils.getNumThreads();
    }

    /**
     * Sets the number of threads one operation uses, for the whole process. It changes the bits of results.
     *
     * @param count at least 1
     */
    public static void setThreads(int count) {
        JniUtils.setNumThreads(count);
    }
}
