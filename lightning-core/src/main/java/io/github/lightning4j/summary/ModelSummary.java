package io.github.lightning4j.summary;

import ai.djl.nn.Block;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogItem;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import java.io.PrintStream;
import java.util.List;

/**
 * Prints the layers of the module when a fit starts: name, type, number of parameters, whether they are trained, and the
 * shape of what comes out.
 */
public final class ModelSummary implements Callback {
    private static final int DEFAULT_DEPTH = 2;

    private final int maxDepth;
    private final PrintStream out;

    /** Creates a summary of two levels on the standard output. */
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
     * Describes a block, which should be initialised: parameters without a shape are not counted.
     *
     * @param block the block, such as a module
     * @param maxDepth how many levels of layers to show: 0 for the totals alone, -1 for all
     * @return the table and the totals, in lines
     * @throws ConfigurationException if {@code maxDepth} is below -1
     */
    public static String of(Block block, int maxDepth) {
        return Table.of(Layer.below(block, levels(maxDepth))) + ParameterTotals.of(block);
    }

    private static int levels(int maxDepth) {
        int depth = requireDepth(maxDepth);
        return depth < 0 ? Integer.MAX_VALUE : depth;
    }

    /**
     * The layers of a block as a table of names, types, numbers of parameters, whether they are trained, and output shapes.
     *
     * @param block the block, such as a module
     * @param maxDepth how many levels of layers to show: -1 for all
     * @return the table, without the totals
     * @throws ConfigurationException if {@code maxDepth} is below -1
     */
    public static LogItem.Table table(Block block, int maxDepth) {
        return Table.cells(Layer.below(block, levels(maxDepth)));
    }

    /**
     * The numbers of parameters of a block, and the memory they take.
     *
     * @param block the block, such as a module
     * @return a line for each number
     */
    public static List<String> totals(Block block) {
        return ParameterTotals.of(block).toString().lines().map(String::strip).toList();
    }

    @Override
    public void onFitStart(Run run) {
        out.print(of(run.module(), maxDepth));
        out.flush();
    }

    private static int requireDepth(int maxDepth) {
        return Require.atLeast(-1, maxDepth, "ModelSummary maxDepth", "-1 means all levels");
    }
}
