package io.github.lightning4j.summary;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.internal.name.ClassName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a model and what it takes, made by {@link ModelSummary}.
 *
 * @param layers the rows, each layer before those within it
 * @param parameters counted once each, of all layers at any depth
 * @param training how many layers at any depth train in training steps
 * @param evaluating how many evaluate, since they are frozen
 * @param pass what a forward pass takes, or null where none could be made
 * @param withoutPass why none could be made, or nothing
 */
public record Summary(
        List<Layer> layers,
        ParameterTotals parameters,
        int training,
        int evaluating,
        @Nullable ForwardCost pass,
        String withoutPass) {

    static Summary withoutPass(Block block, int depth, String reason) {
        return of(block, depth, null, reason);
    }

    static Summary of(Block block, int depth, Shape... shapes) {
        if (!block.isInitialized()) {
            return withoutPass(
                    block, depth, ClassName.of(block) + " is not initialised; initialize(...) it, or train it first.");
        }
        List<Shape> inputs = shapes.length > 0 ? List.of(shapes) : ofInitialisation(block);
        return inputs.isEmpty()
                ? withoutPass(
                        block,
                        depth,
                        "nobody said the shapes of its inputs; give them to ModelSummary.of(block, depth, shapes).")
                : passing(block, depth, inputs, () -> ForwardPass.of(block, inputs));
    }

    static Summary of(Block block, int depth, NDList inputs) {
        return passing(block, depth, List.of(inputs.getShapes()), () -> ForwardPass.of(block, inputs));
    }

    private static Summary passing(Block block, int depth, List<Shape> inputs, Supplier<LayerCall> pass) {
        try {
            return of(block, depth, pass.get(), "");
        } catch (RuntimeException e) {
            String failure = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return withoutPass(
                    block,
                    depth,
                    "a forward pass of " + Sizes.all(inputs) + " failed: " + failure
                            + " A module whose forward takes something else than the data of a batch overrides inputShapes().");
        }
    }

    private static Summary of(Block block, int depth, @Nullable LayerCall root, String reason) {
        Modes modes = Modes.of(block);
        return new Summary(
                List.copyOf(Layers.below(block, depth, modes, root)),
                ParameterTotals.of(block),
                modes.training(),
                modes.evaluating(),
                root == null ? null : ForwardCost.of(root),
                reason);
    }

    /** An axis whose length is not fixed counts as 1. */
    private static List<Shape> ofInitialisation(Block block) {
        List<Shape> shapes = new ArrayList<>();
        try {
            for (Shape shape : block.getInputShapes()) {
                shapes.add(new Shape(LongStream.of(shape.getShape())
                        .map(length -> length < 0 ? 1 : length)
                        .toArray()));
            }
        } catch (RuntimeException e) {
            return List.of(); // a block that was loaded may not know
        }
        return shapes;
    }

    /**
     * The memory that a training step takes at least, for the inputs of the pass: parameters, buffers, gradients and the outputs of layers. What the
     * optimizer remembers comes on top.
     *
     * @return bytes; without a pass those without the outputs of layers
     */
    public long trainingBytes() {
        return parameters.bytes() + parameters.trainableBytes() + (pass == null ? 0 : pass.activationBytes());
    }

    /**
     * The layers as a table, for loggers.
     *
     * @return the table, without the totals
     */
    public LogItem.Table table() {
        return Table.cells(layers, pass != null);
    }

    /**
     * The table and the totals below it.
     *
     * @return lines
     */
    public String text() {
        Footer footer = new Footer().parameters(parameters).modes(training, evaluating);
        if (pass != null) {
            footer.pass(pass, trainingBytes());
        }
        String note =
                withoutPass.isEmpty() ? "" : "Sizes and FLOPs are not known: " + withoutPass + System.lineSeparator();
        return Table.of(layers, pass != null) + footer.text() + note;
    }

    @Override
    public String toString() {
        return text();
    }
}
