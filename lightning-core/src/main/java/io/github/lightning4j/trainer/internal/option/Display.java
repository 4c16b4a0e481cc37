package io.github.lightning4j.trainer.internal.option;

/**
 * What a run shows.
 *
 * @param enableProgressBar whether progress is shown
 * @param enableModelSummary whether a summary of the module is printed when a fit starts
 * @param enableResultTable whether a validation or test on its own prints what it found
 */
public record Display(boolean enableProgressBar, boolean enableModelSummary, boolean enableResultTable) {}
