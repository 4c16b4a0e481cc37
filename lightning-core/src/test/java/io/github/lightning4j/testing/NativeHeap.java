package io.github.lightning4j.testing;

import com.sun.jna.Function;
import com.sun.jna.Structure;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/** What the C library has handed out, which no Java tool sees. */
public final class NativeHeap {
    private NativeHeap() {}

    /** Skips the test where the C library is not glibc 2.33 or newer. */
    public static void assumeMeasurable() {
        boolean measurable;
        try {
            measurable = bytes() > 0;
        } catch (UnsatisfiedLinkError e) {
            measurable = false;
        }
        Assumptions.assumeTrue(measurable, "glibc's mallinfo2 is not there");
    }

    /**
     * The bytes in use, once the JVM's own threads have given back what they needed for a moment.
     *
     * @return the bytes allocated by malloc and not freed, large blocks included: the least of several readings
     */
    public static long settledBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            System.gc();
            LockSupport.parkNanos(20_000_000);
            least = Math.min(least, bytes());
        }
        return least;
    }

    private static long bytes() {
        MallInfo info = (MallInfo) Function.getFunction("c", "mallinfo2").invoke(MallInfo.ByVal.class, new Object[0]);
        return info.uordblks + info.hblkhd;
    }

    /** {@code struct mallinfo2} of malloc.h. */
    @Structure.FieldOrder({
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keepcost"
    })
    public static class MallInfo extends Structure {
        public long arena;
        public long ordblks;
        public long smblks;
        public long hblks;
        public long hblkhd;
        public long usmblks;
        public long fsmblks;
        public long uordblks;
        public long fordblks;
        public long keepcost;

        /** As the function returns it. */
        public static final class ByVal extends MallInfo implements Structure.ByValue {}
    }
}
