package io.github.lightning4j.summary;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.lightning4j.ModuleBlock;
import io.github.lightning4j.internal.torch.Buffers;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The elements of a block's parameters, each parameter once.
 *
 * @param trainable in parameters with a gradient
 * @param frozen in parameters without
 * @param buffers in running statistics and registered buffers
 * @param trainableBytes of parameters with a gradient, by their dtypes; as many are needed for the gradients
 * @param bytes of all of these, by their dtypes
 */
public record ParameterTotals(long trainable, long frozen, long buffers, long trainableBytes, long bytes) {

    static ParameterTotals of(Block block) {
        return of(block, block.getParameters().values());
    }

    /** Counts some of the parameters of a block. */
    static ParameterTotals of(Block block, Collection<Parameter> parameters) {
        Set<Parameter> all = identitySet();
        all.addAll(parameters);
        Set<Parameter> registered = identitySet();
        if (block instanceof ModuleBlock module) {
            registered.addAll(module.buffers().values());
        }
        ParameterTotals totals = new ParameterTotals(0, 0, 0, 0, 0);
        for (Parameter parameter : all) {
            totals = totals.plus(parameter, registered.contains(parameter) || Buffers.isStatistic(parameter));
        }
        return totals;
    }

    private ParameterTotals plus(Parameter parameter, boolean isBuffer) {
        Shape shape = parameter.getShape();
        long size = shape == null ? 0 : shape.size();
        long its = parameter.isInitialized()
                ? size * parameter.getArray().getDataType().getNumOfBytes()
                : 0;
        if (isBuffer) {
            return new ParameterTotals(trainable, frozen, buffers + size, trainableBytes, bytes + its);
        }
        return parameter.requiresGradient()
                ? new ParameterTotals(trainable + size, frozen, buffers, trainableBytes + its, bytes + its)
                : new ParameterTotals(trainable, frozen + size, buffers, trainableBytes, bytes + its);
    }

    /**
     * Those that are trained and those that are frozen.
     *
     * @return the count
     */
    public long total() {
        return trainable + frozen;
    }

    private static Set<Parameter> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
