package io.github.lightning4j.trainer.internal.option;

import io.github.lightning4j.BatchSource;
import io.github.lightning4j.Limit;
import io.github.lightning4j.Stage;
import java.util.List;

/**
 * How much of the data is used.
 *
 * @param limitTrainBatches how much of the training batches
 * @param limitValBatches how much of each validation loader
 * @param limitTestBatches how much of each test loader
 * @param limitPredictBatches how much of each prediction loader
 * @param numSanityValSteps validation batches per loader before training; -1 for all
 * @param overfit whether each training epoch has the batches of the first, in their order
 */
public record BatchLimits(
        Limit limitTrainBatches,
        Limit limitValBatches,
        Limit limitTestBatches,
        Limit limitPredictBatches,
        long numSanityValSteps,
        boolean overfit) {
    /**
     * The limits of a trial run.
     *
     * @param batches how many of everything
     * @return the limits
     */
    public static BatchLimits ofTrialRun(int batches) {
        Limit few = Limit.batches(batches);
        return new BatchLimits(few, few, few, few, 0, false);
    }

    /** The same limits, but nothing to validate on. */
    public BatchLimits withoutValidation() {
        return new BatchLimits(limitTrainBatches, Limit.batches(0), limitTestBatches, limitPredictBatches, 0, overfit);
    }

    /**
     * The number of batches a stage uses of a source.
     *
     * @param stage the stage
     * @param source the source
     * @return the number, or -1 for all of a source of unknown length
     */
    public long apply(Stage stage, BatchSource source) {
        long available = source.batchCount();
        return switch (stage) {
            case SANITY_CHECK -> sanityCheck().apply(available, "numSanityValSteps");
            case TRAIN -> limitTrainBatches.apply(available, "limitTrainBatches");
            case VALIDATE -> limitValBatches.apply(available, "limitValBatches");
            case TEST -> limitTestBatches.apply(available, "limitTestBatches");
            case PREDICT -> limitPredictBatches.apply(available, "limitPredictBatches");
        };
    }

    /** Whether a fit has anything to validate on. */
    public boolean validatesOn(List<BatchSource> sources) {
        return !sources.isEmpty() && !limitValBatches.isNone();
    }

    /** The epoch whose order a stage's batches have. */
    public long orderOf(long epoch) {
        return overfit ? 0 : epoch;
    }

    private Limit sanityCheck() {
        return numSanityValSteps < 0 ? limitValBatches : Limit.batches(numSanityValSteps);
    }
}
