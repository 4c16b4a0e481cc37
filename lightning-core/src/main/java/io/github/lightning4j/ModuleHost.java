package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.function.Supplier;

/**
 * What a running loop does for the module on its thread. Implemented by the framework; user code reaches it through the
 * protected methods of {@link LightningModule}.
 */
public interface ModuleHost {
    /**
     * The run.
     *
     * @return the run
     */
    Run run();

    /**
     * Logs an array of one element.
     *
     * @param name the metric's name
     * @param value the value
     * @param options how to treat it
     */
    void log(String name, NDArray value, LogOptions options);

    /**
     * Logs a number.
     *
     * @param name the metric's name
     * @param value the value
     * @param options how to treat it
     */
    void log(String name, double value, LogOptions options);

    /**
     * Logs a metric, computed and reset by the loop at the end of the epoch.
     *
     * @param name the metric's name
     * @param value the metric
     * @param options how to treat it
     */
    void log(String name, Metric value, LogOptions options);

    /**
     * Shows something that is not a number.
     *
     * @param name what it is called
     * @param item makes it
     */
    void logItem(String name, Supplier<? extends LogItem> item);

    /**
     * Gives what an evaluation step has computed to the hooks at the end of its batch.
     *
     * @param outputs the arrays
     */
    void outputs(NDList outputs);

    /**
     * Whether what layers give in training is looked at for numbers that are not finite.
     *
     * @return whether it is
     */
    boolean detectsAnomalies();

    /**
     * Backward for a module that optimizes by itself.
     *
     * @param loss a scalar with a graph
     * @param graph what becomes of its graph
     */
    void manualBackward(NDArray loss, BackwardGraph graph);
}
