package io.github.lightning4j.internal.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.norm.BatchNorm;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** DJL's BatchNorm layers, and what it does not tell of them. */
public final class BatchNorms {
    private static final VarHandle MOMENTUM;

    static {
        try {
            MOMENTUM = MethodHandles.privateLookupIn(BatchNorm.class, MethodHandles.lookup())
                    .findVarHandle(BatchNorm.class, "momentum", float.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private BatchNorms() {}

    /**
     * The layers within a block.
     *
     * @param root the block
     * @return each once, in order
     */
    public static List<BatchNorm> in(Block root) {
        List<BatchNorm> found = new ArrayList<>();
        collect(root, found, Collections.newSetFromMap(new IdentityHashMap<>()));
        return found;
    }

    private static void collect(Block block, List<BatchNorm> found, Set<Block> seen) {
        if (!seen.add(block)) {
            return;
        }
        if (block instanceof BatchNorm layer) {
            found.add(layer);
        }
        block.getChildren().values().forEach(child -> collect(child, found, seen));
    }

    /**
     * How far a training forward moves the running statistics towards those of its batch.
     *
     * @param layer the layer
     * @return the share of the batch; torch's momentum
     */
    public static double shareOfABatch(BatchNorm layer) {
        return 1 - (float) MOMENTUM.get(layer);
    }

    /**
     * The running mean and variance.
     *
     * @param layer an initialised layer
     * @return the live arrays
     */
    public static List<NDArray> statistics(BatchNorm layer) {
        return List.of(
                layer.getDirectParameters().get("runningMean").getArray(),
                layer.getDirectParameters().get("runningVar").getArray());
    }
}
