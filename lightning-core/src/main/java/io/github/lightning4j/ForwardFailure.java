package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.training.ParameterStore;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.GradMode;
import io.github.lightning4j.internal.torch.NonFinite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the layer in which a forward pass failed. Works only once it has failed, by running the children again one at a
 * time, so that a step that succeeds pays nothing: as in evaluation first, and as in training if nothing fails there.
 */
final class ForwardFailure {
    /** What libtorch says of a normalisation over a single value. */
    private static final Pattern ALONE = Pattern.compile("Expected more than 1 (value per channel|spatial element)");

    private final BiFunction<Block, NDList, NDList> forward;

    private ForwardFailure(BiFunction<Block, NDList, NDList> forward) {
        this.forward = forward;
    }

    static LightningException explain(
            String name,
            Block block,
            NDList inputs,
            CallContext context,
            FrozenLayers frozenLayers,
            RuntimeException failure) {
        if (areFreed(inputs)) {
            return describe(name, block, inputs, failure);
        }
        ParameterStore store = context.parameterStore();
        try (GradMode off = GradMode.off()) {
            ForwardFailure evaluating = new ForwardFailure((layer, values) -> layer.forward(store, values, false));
            LightningException found = evaluating.locateWithin(name, block, inputs);
            if (found == null && context.isTraining()) {
                found = new ForwardFailure(new Rehearsal(store, frozenLayers)::run).locateWithin(name, block, inputs);
            }
            return found != null ? found : describe(name, block, inputs, failure);
        }
    }

    /** Looks whether what a layer gave is finite, and throws if not, naming the innermost layer that is at fault. */
    static void requireFinite(
            String name, Block block, NDList inputs, NDList outputs, CallContext context, FrozenLayers frozenLayers) {
        NonFinite found = firstIn(outputs);
        if (found == null) {
            return;
        }
        NonFinite given = firstIn(inputs);
        if (given != null) {
            throw anomaly("the input of " + name + " (" + ClassName.of(block) + ")", given);
        }
        Rehearsal rehearsal = new Rehearsal(context.parameterStore(), frozenLayers);
        try (GradMode off = GradMode.off()) {
            LightningException inner = new ForwardFailure((layer, values) -> {
                        NDList computed = rehearsal.run(layer, values);
                        NonFinite bad = firstIn(computed);
                        if (bad != null) {
                            throw new NonFiniteOutput(bad);
                        }
                        return computed;
                    })
                    .locateWithin(name, block, inputs);
            throw inner instanceof AnomalyException located ? located : anomaly(output(name, block), found);
        }
    }

    private static @Nullable NonFinite firstIn(NDList arrays) {
        for (NDArray array : arrays) {
            NonFinite found = NonFinite.in(array);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static String output(String path, Block block) {
        return "the output of " + path + " (" + ClassName.of(block) + ")";
    }

    private static AnomalyException anomaly(String tensor, NonFinite found) {
        return new AnomalyException(tensor, tensor + " is " + found, null);
    }

    /** Tells the search that a layer has been found. */
    private static final class NonFiniteOutput extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient NonFinite found;

        NonFiniteOutput(NonFinite found) {
            this.found = found;
        }
    }

    private LightningException locate(String path, Block block, NDList inputs, RuntimeException failure) {
        LightningException inner = locateWithin(path, block, inputs);
        return inner != null ? inner : describe(path, block, inputs, failure);
    }

    private @Nullable LightningException locateWithin(String path, Block block, NDList inputs) {
        if (block instanceof SequentialBlock) {
            return locateInChain(path, block, inputs);
        }
        return block instanceof ParallelBlock ? locateSideBySide(path, block, inputs) : null;
    }

    private @Nullable LightningException locateInChain(String path, Block block, NDList inputs) {
        NDList current = inputs;
        for (Map.Entry<String, Block> child : LayerNames.of(block).entrySet()) {
            try {
                current = run(child.getValue(), current);
            } catch (RuntimeException failure) {
                return locate(path + "." + child.getKey(), child.getValue(), current, failure);
            }
        }
        return null;
    }

    private @Nullable LightningException locateSideBySide(String path, Block block, NDList inputs) {
        for (Map.Entry<String, Block> child : LayerNames.of(block).entrySet()) {
            try {
                run(child.getValue(), inputs);
            } catch (RuntimeException failure) {
                return locate(path + "." + child.getKey(), child.getValue(), inputs, failure);
            }
        }
        return null;
    }

    /** DJL's BatchNorm frees its input when it fails, so each layer is given a copy. */
    private NDList run(Block block, NDList inputs) {
        NDList copies = new NDList(inputs.size());
        for (NDArray input : inputs) {
            copies.add(input.duplicate());
        }
        return forward.apply(block, copies);
    }

    private static boolean areFreed(NDList inputs) {
        return inputs.stream().anyMatch(NDArray::isReleased);
    }

    private static LightningException describe(String path, Block block, NDList inputs, RuntimeException failure) {
        if (failure instanceof NonFiniteOutput anomaly) {
            return anomaly(output(path, block), anomaly.found);
        }
        if (failure instanceof LightningException known) {
            return known;
        }
        String message = firstLine(failure);
        return new LightningException(
                "forward failed in " + path + " (" + ClassName.of(block) + ")"
                        + (areFreed(inputs) ? "" : " for input " + shapes(inputs)) + ": " + message + ". "
                        + remedy(path, block, inputs, failure),
                failure);
    }

    private static String remedy(String path, Block block, NDList inputs, RuntimeException failure) {
        if (UnmadeParameters.caused(failure)) {
            return "A layer that it calls is not registered in the block that calls it: use addChildBlock in the constructor.";
        }
        if (block instanceof RecurrentBlock
                && !areFreed(inputs)
                && inputs.head().getShape().dimension() != 3) {
            return "A recurrent layer takes (N, T, features), with optBatchFirst(false) (T, N, features): samples, steps and"
                    + " what there is at each step. Add an axis with expandDims.";
        }
        if (!ALONE.matcher(firstLine(failure)).find()) {
            return "Make the layer fit the input, or the data fit the layer.";
        }
        List<String> norms = new ArrayList<>();
        addNorms(path, block, norms);
        return (norms.isEmpty() ? "A layer that normalises" : String.join(", ", norms))
                + " cannot be trained on a batch of one sample, which has nothing to be compared with. Leave a last batch of"
                + " one out with dropLast(true) of the DataLoader, or choose another batchSize.";
    }

    private static void addNorms(String path, Block block, List<String> norms) {
        if (block instanceof BatchNorm) {
            norms.add(ClassName.of(block) + " " + path);
        }
        LayerNames.of(block).forEach((name, child) -> addNorms(path + "." + name, child, norms));
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
