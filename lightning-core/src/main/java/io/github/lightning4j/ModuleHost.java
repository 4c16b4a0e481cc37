package io.github.lightning4j;

import ai.djl.ndarray.NDArray;
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
     * Backward for a module that optimizes by itself.
     *
     * @param loss a scalar with a graph
     * @param graph what becomes of its graph
     */
    void manualBackward(NDArray loss, BackwardGraph graph);
}
