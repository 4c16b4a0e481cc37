package io.github.lightning4j.trainer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The record of a fit, also written as {@code result.json} into the run directory.
 *
 * @param epochs the epochs that ended
 * @param globalStep the training batches in which an optimizer stepped, over all starts of the run
 * @param stopReason why the fit ended, in words
 * @param metrics the newest value of everything logged
 * @param history the metrics known at the end of each epoch; of a run that was resumed from a checkpoint without its {@code
 *     history.jsonl} only those of later epochs
 * @param bestCheckpoint the best checkpoint by the monitored metric; where none is monitored the newest; null if there is none
 * @param runDirectory where the run wrote, or null if it wrote nothing
 * @param seed the seed, given or drawn
 * @param resumeFrom the checkpoint from which an interrupted run goes on, or null if it was not interrupted or wrote nothing
 * @param resumedFromSteps the global step of every checkpoint the run was resumed from, in order
 * @param stepsExecuted the optimizer steps executed over all starts, repeated ones and those of starts that were killed
 *     included
 * @param weightsSha256 SHA-256, in hexadecimal, over name, dtype, shape and little-endian bytes of every parameter and
 *     buffer in name order
 */
public record FitResult(
        long epochs,
        long globalStep,
        String stopReason,
        Map<String, Double> metrics,
        List<Map<String, Double>> history,
        @Nullable Path bestCheckpoint,
        @Nullable Path runDirectory,
        long seed,
        @Nullable Path resumeFrom,
        List<Long> resumedFromSteps,
        long stepsExecuted,
        String weightsSha256) {}
