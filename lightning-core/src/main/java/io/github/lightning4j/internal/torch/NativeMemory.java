package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What hangs in DJL's tree of managers. An array detached from the tree is not seen.
 *
 * @param arrays live native arrays
 * @param managers open managers
 */
public record NativeMemory(int arrays, int managers) {
    /** Nothing at all. */
    public static final NativeMemory NONE = new NativeMemory(0, 0);

    private static final VarHandle RESOURCES = resourcesHandle();

    /**
     * Counts the whole process, from the system manager down.
     *
     * @return what is in use now
     */
    public static NativeMemory now() {
        try (NDManager any = NDManager.newBaseManager()) {
            NativeMemory total = below(any.getParentManager());
            return new NativeMemory(total.arrays, total.managers - 1);
        }
    }

    /**
     * Counts what hangs below a manager, at any depth.
     *
     * @param manager the manager
     * @return what is below it, itself not counted
     */
    public static NativeMemory below(NDManager manager) {
        int arrays = 0;
        int managers = 0;
        for (Object resource : ((Map<?, ?>) RESOURCES.get(manager)).values()) {
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

    /**
     * This and some more arrays.
     *
     * @param count how many
     * @return the sum
     */
    public NativeMemory plusArrays(int count) {
        return new NativeMemory(arrays + count, managers);
    }

    private static VarHandle resourcesHandle() {
        try {
            return MethodHandles.privateLookupIn(BaseNDManager.class, MethodHandles.lookup())
                    .findVarHandle(BaseNDManager.class, "resources", ConcurrentHashMap.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
