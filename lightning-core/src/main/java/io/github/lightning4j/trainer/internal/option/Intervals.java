package io.github.lightning4j.trainer.internal.option;

import io.github.lightning4j.Every;

/**
 * How often a fit does what it does now and then.
 *
 * @param valCheckInterval when to validate
 * @param logEveryNSteps optimizer steps between two rows; 0 for none
 * @param reloadDataLoadersEveryNEpochs epochs after which loaders are asked for anew; 0 for never
 */
public record Intervals(Every valCheckInterval, long logEveryNSteps, long reloadDataLoadersEveryNEpochs) {
    /**
     * The intervals of a trial run.
     *
     * @return a validation after its epoch
     */
    public Intervals ofTrialRun() {
        return new Intervals(Every.epochs(1), logEveryNSteps, reloadDataLoadersEveryNEpochs);
    }
}
