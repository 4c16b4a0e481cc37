package io.github.lightning4j.summary;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import java.io.PrintStream;
import java.util.List;

/**
 * Prints the layers of the module when a fit starts: name, type, number of parameters, whether they train or are frozen, and,
 * from one forward pass, floating-point operations and the shapes of what goes in and comes out.
 *
 * <p>The pass calls {@code forward} of the module with zeros of the input shapes it was initialised with, layers in eval mode and
 * nothing recorded for backward. It leaves parameters, running statistics and other buffers as they are, and what it makes is
 * freed. A module whose {@code forward} fails is shown without the figures of the pass, and the reason below the table.
 */
public final class ModelSummary implements Callback {
    private static final int DEFAULT_DEPTH = 1;

    private final int maxDepth;
    private final PrintStream out;

    /** Creates a summary of one level on the standard output. */
    public ModelSummary() {
        this(DEFAULT_DEPTH);
    }

    /**
     * Creates a summary on the standard output.
     *
     * @param maxDepth how many levels of layers to show: 0 for the totals alone, -1 for all
     * @throws ConfigurationException if {@code maxDepth} is below -1
     */
    public ModelSummary(int maxDepth) {
        this(maxDepth, System.out);
    }

    /**
     * Creates a summary.
     *
     * @param maxDepth how many levels of layers to show: 0 for the totals alone, -1 for all
     * @param out where to print
     * @throws ConfigurationException if {@code maxDepth} is below -1
     */
    public ModelSummary(int maxDepth, PrintStream out) {
        this.maxDepth = requireDepth(maxDepth);
        this.out = out;
    }

    /**
     * Describes a block by a forward pass with zeros, which should be initialised: parameters without a shape are not counted.
     *
     * @param block the block, such as a module
     * @param maxDepth how many levels of layers to show: 0 for the totals alone, -1 for all
     * @param inputs the shapes of the inputs, batch dimension included; none for those it was initialised with
     * @return the layers and the totals
     * @throws ConfigurationException if {@code maxDepth} is below -1
     */
    public static Summary of(Block block, int maxDepth, Shape... inputs) {
        return Summary.of(block, levels(maxDepth), inputs);
    }

    /**
     * Describes an initialised block by a forward pass with inputs of one's own, where zeros of the parameters' dtype or of whole
     * numbers would not do.
     *
     * @param block the block, such as a module
     * @param maxDepth how many levels of layers to show: 0 for the totals alone, -1 for all
     * @param inputs the inputs, moved to the block's device if they are elsewhere
     * @return the layers and the totals
     * @throws ConfigurationException if {@code maxDepth} is below -1
     */
    public static Summary of(Block block, int maxDepth, NDList inputs) {
        return Summary.of(block, levels(maxDepth), inputs);
    }

    private static int levels(int maxDepth) {
        int depth = requireDepth(maxDepth);
        return depth < 0 ? Integer.MAX_VALUE : depth;
    }

    /**
     * The layers of a block as a table, without a forward pass: names, types, numbers of parameters, whether they train, and the
     * output shapes that layers say themselves.
     *
     * @param block the block, such as a module
     * @param maxDepth how many levels of layers to show: -1 for all
     * @return the table, without the totals
     * @throws ConfigurationException if {@code maxDepth} is below -1
     */
    public static LogItem.Table table(Block block, int maxDepth) {
        return Summary.withoutPass(block, levels(maxDepth), "").table();
    }

    /**
     * The numbers of parameters of a block, and the memory they take.
     *
     * @param block the block, such as a module
     * @return a line for each number
     */
    public static List<String> totals(Block block) {
        return Footer.of(ParameterTotals.of(block)).lines().map(String::strip).toList();
    }

    @Override
    public void onFitStart(Run run) {
        out.print(of(run.module(), maxDepth).text());
        out.flush();
    }

    private static int requireDepth(int maxDepth) {
        return Require.atLeast(-1, maxDepth, "ModelSummary maxDepth", "-1 means all levels");
    }
}
