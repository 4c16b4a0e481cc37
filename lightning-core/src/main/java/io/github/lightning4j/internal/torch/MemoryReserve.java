package io.github.lightning4j.internal.torch;

import ai.djl.nn.Parameter;
import ai.djl.util.PairList;
import com.sun.jna.Function;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Freed memory that glibc keeps mapped while a fit runs, for its next step. Java threads allocate from arenas that glibc
 * trims and maps anew for every activation; convolutional nets then spend up to half their time in page faults. When the
 * fit ends, thresholds are set to where glibc's own adjustment ends at the latest, and what is free goes back to the system.
 */
public final class MemoryReserve implements AutoCloseable {
    /** The system property that, set to {@code false}, leaves glibc's thresholds alone. */
    public static final String PROPERTY = "lightning4j.memoryReserve";

    private static final Logger LOG = LoggerFactory.getLogger(MemoryReserve.class);
    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_TOP_PAD = -2;
    private static final int M_MMAP_THRESHOLD = -3;
    private static final int MIB = 1 << 20;
    private static final long LEAST = 256L * MIB;
    private static final long MOST = 1024L * MIB;
    /** A value, its gradient, two moments, and what a step makes of the size of the parameters. */
    private static final long COPIES_OF_PARAMETERS = 8;

    /** Where glibc's own adjustment of the thresholds ends at the latest, on 64-bit systems. */
    private static final int USUAL_MMAP_THRESHOLD = 32 * MIB;

    private static final int USUAL_TRIM_THRESHOLD = 2 * USUAL_MMAP_THRESHOLD;
    private static final int USUAL_TOP_PAD = 128 * 1024;

    private final boolean enabled = Platform.isLinux() && !"false".equalsIgnoreCase(System.getProperty(PROPERTY));

    /** Begins to keep what is freed; nothing happens where that is switched off or there is no glibc. */
    public void begin() {
        keep(LEAST);
    }

    /** Bounds the reserve by what a step of a model with these parameters can free. */
    public void suit(PairList<String, Parameter> parameters) {
        long bytes = 0;
        for (Parameter parameter : parameters.values()) {
            if (parameter.isInitialized()) {
                bytes += parameter.getArray().size()
                        * parameter.getArray().getDataType().getNumOfBytes();
            }
        }
        keep(bound(bytes));
    }

    /** The most that is kept, in bytes. */
    static long bound(long parameterBytes) {
        return Math.min(MOST, LEAST + COPIES_OF_PARAMETERS * parameterBytes);
    }

    private void keep(long bytes) {
        if (enabled) {
            set((int) bytes, (int) bytes, 64 * MIB);
        }
    }

    private static void set(int trimThreshold, int mmapThreshold, int topPad) {
        try {
            Function mallopt = Function.getFunction("c", "mallopt");
            mallopt.invokeInt(new Object[] {M_TRIM_THRESHOLD, trimThreshold});
            mallopt.invokeInt(new Object[] {M_MMAP_THRESHOLD, mmapThreshold});
            mallopt.invokeInt(new Object[] {M_TOP_PAD, topPad});
        } catch (LinkageError | RuntimeException e) {
            LOG.debug("mallopt is not available here; training works without it", e);
        }
    }

    /** Gives memory that is free, but mapped, back to the system. */
    static void trim() {
        try {
            Function.getFunction("c", "malloc_trim").invokeInt(new Object[] {new NativeLong(0)});
        } catch (LinkageError | RuntimeException e) {
            LOG.debug("malloc_trim is not available here; freed memory stays mapped", e);
        }
    }

    @Override
    public void close() {
        if (enabled) {
            set(USUAL_TRIM_THRESHOLD, USUAL_MMAP_THRESHOLD, USUAL_TOP_PAD);
            trim();
        }
    }
}
