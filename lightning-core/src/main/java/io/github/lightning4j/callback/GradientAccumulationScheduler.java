package io.github.lightning4j.callback;

import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.Require;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Changes with the epoch over how many batches gradients are accumulated before an optimizer steps.
 *
 * <pre>{@code
 * // 8 batches a step in epochs 0 to 3, 4 in epochs 4 to 7, each batch from epoch 8 on
 * new GradientAccumulationScheduler(Map.of(0, 8, 4, 4, 8, 1))
 * }</pre>
 *
 * <p>{@link Run#estimatedSteps()} counts by the schedule, and a fit that is resumed goes on with the number of its epoch. It
 * takes the place of the Trainer's {@code accumulateGradBatches}, which has to be left out, and is refused for a module that
 * optimizes by itself.
 *
 * <p>Source: <a href="https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.GradientAccumulationScheduler.html">
 * GradientAccumulationScheduler</a> of PyTorch Lightning.
 */
public final class GradientAccumulationScheduler implements Callback {
    private final NavigableMap<Long, Integer> fromEpoch = new TreeMap<>();

    /**
     * Creates a scheduler.
     *
     * @param scheduling the number of batches, at least 1, from an epoch on, counted from 0; in epochs before the first of
     *     them every batch is a step
     * @throws ConfigurationException if it is empty, an epoch is negative or a number of batches is below 1
     */
    public GradientAccumulationScheduler(Map<Integer, Integer> scheduling) {
        if (Require.given(scheduling, "the schedule of GradientAccumulationScheduler")
                .isEmpty()) {
            throw new ConfigurationException(
                    "The schedule of GradientAccumulationScheduler is empty, but it must give the"
                            + " batches of a step from some epoch on, such as Map.of(4, 2).");
        }
        fromEpoch.put(0L, 1);
        scheduling.forEach((epoch, batches) -> fromEpoch.put(
                (long) Require.atLeast(
                        0, Require.given(epoch, "an epoch"), "an epoch of GradientAccumulationScheduler"),
                Require.atLeast(
                        1,
                        Require.given(batches, "the batches from an epoch on"),
                        "the batches of GradientAccumulationScheduler from epoch " + epoch + " on")));
    }

    @Override
    public void setup(Run run, Stage stage) {
        if (run.isFitting()) {
            run.accumulateGradBatches(fromEpoch);
        }
    }
}
