package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.GradMode;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Finds the layer in which a forward pass failed. Works only once it has failed, by running the children again one at a
 * time as in evaluation, so that a step that succeeds pays nothing.
 */
final class ForwardFailure {
    private final ParameterStore parameterStore;

    private ForwardFailure(ParameterStore parameterStore) {
        this.parameterStore = parameterStore;
    }

    static LightningException explain(
            String name, Block block, NDList inputs, CallContext context, RuntimeException failure) {
        try (GradMode off = GradMode.off()) {
            return new ForwardFailure(context.parameterStore()).locate(name, block, inputs, failure);
        }
    }

    private LightningException locate(String path, Block block, NDList inputs, RuntimeException failure) {
        LightningException inner = null;
        if (block instanceof SequentialBlock) {
            inner = locateInChain(path, block, inputs);
        } else if (block instanceof ParallelBlock) {
            inner = locateSideBySide(path, block, inputs);
        }
        return inner != null ? inner : describe(path, block, inputs, failure);
    }

    private @Nullable LightningException locateInChain(String path, Block block, NDList inputs) {
        NDList current = inputs;
        for (Map.Entry<String, Block> child : LayerNames.of(block).entrySet()) {
            try {
                current = child.getValue().forward(parameterStore, current, false);
            } catch (RuntimeException failure) {
                return locate(path + "." + child.getKey(), child.getValue(), current, failure);
            }
        }
        return null;
    }

    private @Nullable LightningException locateSideBySide(String path, Block block, NDList inputs) {
        for (Map.Entry<String, Block> child : LayerNames.of(block).entrySet()) {
            try {
                child.getValue().forward(parameterStore, inputs, false);
            } catch (RuntimeException failure) {
                return locate(path + "." + child.getKey(), child.getValue(), inputs, failure);
            }
        }
        return null;
    }

    private static LightningException describe(String path, Block block, NDList inputs, RuntimeException failure) {
        if (failure instanceof LightningException known) {
            return known;
        }
        return new LightningException(
                "forward failed in " + path + " (" + ClassName.of(block) + ") for input " + shapes(inputs)
                        + ": " + firstLine(failure)
                        + ". Make the layer fit the input, or the data fit the layer.",
                failure);
    }

    private static String shapes(NDList inputs) {
        StringJoiner text = new StringJoiner(", ");
        for (NDArray input : inputs) {
            text.add(input.getShape() + " " + input.getDataType());
        }
        return text.toString();
    }

    private static String firstLine(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
