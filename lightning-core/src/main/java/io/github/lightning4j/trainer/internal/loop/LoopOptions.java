package io.github.lightning4j.trainer.internal.loop;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import io.github.lightning4j.Every;
import io.github.lightning4j.GradientClipAlgorithm;
import io.github.lightning4j.Limit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the Trainer was told, checked and complete.
 *
 * @param maxEpochs the number of epochs, or -1 for no limit
 * @param minEpochs epochs before a requested stop is heard
 * @param maxSteps the number of optimizer steps, or -1 for no limit
 * @param minSteps steps before a requested stop is heard
 * @param maxTime how long a fit may take, or null
 * @param limitTrain how much of the training batches
 * @param limitVal how much of each validation loader
 * @param limitTest how much of each test loader
 * @param limitPredict how much of each prediction loader
 * @param valCheckInterval when to validate
 * @param sanityValBatches validation batches per loader before training; -1 for all
 * @param logEveryNSteps optimizer steps between two rows; 0 for none
 * @param accumulateGradBatches batches per optimizer step
 * @param gradientClipVal the clipping value, or 0 for none
 * @param gradientClipAlgorithm by norm or by value
 * @param fastDevRun whether this is a trial run
 * @param device where to run
 * @param dataType the dtype of new parameters
 */
public record LoopOptions(
        long maxEpochs,
        long minEpochs,
        long maxSteps,
        long minSteps,
        @Nullable Duration maxTime,
        Limit limitTrain,
        Limit limitVal,
        Limit limitTest,
        Limit limitPredict,
        Every valCheckInterval,
        long sanityValBatches,
        long logEveryNSteps,
        int accumulateGradBatches,
        double gradientClipVal,
        GradientClipAlgorithm gradientClipAlgorithm,
        boolean fastDevRun,
        Device device,
        DataType dataType) {}
