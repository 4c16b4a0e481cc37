package io.github.lightning4j.internal.torch;

import com.sun.jna.Function;
import com.sun.jna.Structure;

/** What glibc's malloc says of itself. */
public final class MallocInfo {
    private MallocInfo() {}

    /** The bytes malloc has handed out and not got back, in all arenas; -1 where there is no glibc that tells. */
    public static long allocated() {
        try {
            Info info = (Info) Function.getFunction("c", "mallinfo2").invoke(Info.class, new Object[0]);
            return info.uordblks + info.hblkhd;
        } catch (UnsatisfiedLinkError e) {
            return -1;
        }
    }

    /** glibc's {@code struct mallinfo2}. */
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
    public static final class Info extends Structure implements Structure.ByValue {
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
    }
}
