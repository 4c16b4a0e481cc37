package io.github.lightning4j.testing;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.sun.jna.Function;
import com.sun.jna.Structure;
import java.lang.reflect.Field;
import java.util.Map;

/**
 * What native memory is in use in the whole process: the arrays and managers in DJL's tree, from the system manager
 * down. An array detached from the tree is seen by {@link #allocated} alone.
 *
 * @param arrays live native arrays
 * @param managers open managers
 */
public record NativeMemory(int arrays, int managers) {
    private static final Field RESOURCES = resourcesField();

    public static NativeMemory now() {
        try (NDManager any = NDManager.newBaseManager()) {
            NativeMemory total = below(any.getParentManager());
            return new NativeMemory(total.arrays, total.managers - 1);
        }
    }

    /** This and some more arrays. */
    public NativeMemory plusArrays(int count) {
        return new NativeMemory(arrays + count, managers);
    }

    private static NativeMemory below(NDManager manager) {
        int arrays = 0;
        int managers = 0;
        for (Object resource : resources(manager).values()) {
            if (resource instanceof NDArray) {
                arrays++;
            } else if (resource instanceof NDManager inner) {
                NativeMemory deeper = below(inner);
                arrays += deeper.arrays;
                managers += deeper.managers + 1;
            }
        }
        return new NativeMemory(arrays, managers);
    }

    private static Map<?, ?> resources(NDManager manager) {
        try {
            return (Map<?, ?>) RESOURCES.get(manager);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Field resourcesField() {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The bytes malloc has handed out and not got back, in all arenas; -1 where there is no glibc. */
    public static long allocated() {
        try {
            MallocInfo info =
                    (MallocInfo) Function.getFunction("c", "mallinfo2").invoke(MallocInfo.class, new Object[0]);
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
    public static final class MallocInfo extends Structure implements Structure.ByValue {
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
