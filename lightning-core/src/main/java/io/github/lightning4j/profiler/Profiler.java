package io.github.lightning4j.profiler;

import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;

/**
 * Is told which part of a run begins and ends, on the run's thread: hooks by the name of their method, and what {@link Section}
 * names. Sections nest. Without a profiler nothing is measured.
 *
 * <pre>{@code
 * Trainer.builder().profiler(new SimpleProfiler()).build();
 * }</pre>
 */
public interface Profiler {
    /**
     * A fit, validation, test or prediction begins.
     *
     * @param run the run
     */
    default void start(Run run) {}

    /**
     * A section begins.
     *
     * @param stage what the run is doing
     * @param section its name; the same object each time
     */
    void enter(Stage stage, String section);

    /**
     * A section ends. After a failure, sections within it may not have been left.
     *
     * @param stage what the run is doing
     * @param section its name
     */
    void leave(Stage stage, String section);

    /** The run is over, also after a failure. */
    default void finish() {}
}
