package io.github.lightning4j.data;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;

/**
 * What hangs below a manager.
 *
 * @param arrays native arrays, at any depth
 * @param managers managers, at any depth
 */
record LiveResources(int arrays, int managers) {
    static final LiveResources NONE = new LiveResources(0, 0);

    static LiveResources below(NDManager manager) {
        int arrays = 0;
        int managers = 0;
        for (Object resource : resources(manager).values()) {
            if (resource instanceof NDArray) {
                arrays++;
            } else if (resource instanceof NDManager) {
                LiveResources inner = below((NDManager) resource);
                arrays += inner.arrays;
                managers += inner.managers + 1;
            }
        }
        return new LiveResources(arrays, managers);
    }

    private static Map<?, ?> resources(NDManager manager) {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            return (Map<?, ?>) field.get(manager);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
