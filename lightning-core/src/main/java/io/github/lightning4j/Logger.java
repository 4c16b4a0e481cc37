package io.github.lightning4j;

import java.util.List;
import java.util.Map;

/**
 * Receives the metrics of a run. A logger is called on the loop's thread only. State that must survive an interruption,
 * such as the length of a file, is written in {@link #save(StateWriter)} and cut back to in {@link #load(StateReader)}.
 */
public interface Logger extends Stateful {
    /**
     * The files this logger writes in the run directory. By them a run is recognised that was killed before it saved
     * anything, and they are deleted when such a run is started afresh.
     *
     * @return names relative to the run directory; none by default
     */
    default List<String> files() {
        return List.of();
    }

    /**
     * Called before anything else of a run: a fit, an evaluation that follows it in the same directory, or one on its own.
     *
     * @param run the run that starts; its directory exists if it has one
     */
    default void start(Run run) {}

    /**
     * Called once, after {@link #start}, if the module has hyperparameters.
     *
     * @param hyperparameters name and value
     */
    default void logHyperparameters(Map<String, Object> hyperparameters) {}

    /**
     * Called once, after {@link #logHyperparameters}, for loggers that show what the module is made of.
     *
     * @param module the module, initialised; what is needed of it later is to be copied
     */
    default void logGraph(LightningModule module) {}

    /**
     * Writes one row.
     *
     * @param metrics name and value, in order of first logging; never modified by the logger
     * @param step the number of optimizer steps done so far
     * @param epoch the epoch, from 0
     */
    void logMetrics(Map<String, Double> metrics, long step, long epoch);

    /**
     * Shows something that is not a number; a logger that cannot leaves it out, as by default.
     *
     * @param name what it is called
     * @param item what it is
     * @param step the number of optimizer steps done so far
     * @param epoch the epoch, from 0
     */
    default void logItem(String name, LogItem item, long step, long epoch) {}

    /** Makes everything written so far durable; called before a checkpoint is saved and at the end of each epoch. */
    default void flush() {}

    /**
     * The run is over, successfully or not.
     *
     * @param failure true if it ends by an exception
     */
    default void finish(boolean failure) {}

    @Override
    default void save(StateWriter state) {}

    @Override
    default void load(StateReader state) {}
}
