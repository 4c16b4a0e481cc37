package io.github.lightning4j.tuner;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.Run;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Raises the learning rate from step to step and takes down the loss. */
final class RangeTest implements Callback {
    private static final double SMOOTHING = 0.98;

    private final LongToDoubleFunction rateOfStep;
    private final double stopThreshold;
    private final List<Double> rates = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();
    private final List<Double> rawLosses = new ArrayList<>();
    private List<ParamGroup> groups = List.of();
    /** The rate of each group as a share of the largest. */
    private double[] shares = new double[0];

    private long stepsBefore;
    private double windowSum;
    private int windowBatches;
    private double average;
    private double best = Double.POSITIVE_INFINITY;
    private boolean stopped;

    RangeTest(LongToDoubleFunction rateOfStep, double stopThreshold) {
        this.rateOfStep = rateOfStep;
        this.stopThreshold = stopThreshold;
    }

    LearningRateCurve curve() {
        return new LearningRateCurve(array(rates), array(losses), array(rawLosses), stopped);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public void onFitStart(Run run) {
        if (!run.module().automaticOptimization()) {
            throw new ConfigurationException(ClassName.of(run.module())
                    + " optimizes by itself, so a finder of learning rates cannot set the rate of its steps. Try rates by"
                    + " fits of their own.");
        }
        groups = run.optimizers().get(0).paramGroups();
        double largest = groups.stream().mapToDouble(ParamGroup::lr).max().orElse(0);
        shares = groups.stream()
                .mapToDouble(group -> largest > 0 ? group.lr() / largest : 1)
                .toArray();
    }

    @Override
    public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
        stepsBefore = run.globalStep();
        double rate = rateOfStep.applyAsDouble(stepsBefore);
        for (int i = 0; i < groups.size(); i++) {
            groups.get(i).setLr(rate * shares[i]);
        }
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
        if (loss == null) {
            return;
        }
        windowSum += Tensors.toDouble(loss);
        windowBatches++;
        if (!Double.isFinite(windowSum)) {
            stop(run, "the loss is not finite");
        } else if (run.globalStep() > stepsBefore) {
            stepDone(run, windowSum / windowBatches);
            windowSum = 0;
            windowBatches = 0;
        }
    }

    private void stepDone(Run run, double loss) {
        int step = losses.size();
        average = SMOOTHING * average + (1 - SMOOTHING) * loss;
        double smoothed = average / (1 - Math.pow(SMOOTHING, step + 1));
        rates.add(rateOfStep.applyAsDouble(stepsBefore));
        losses.add(smoothed);
        rawLosses.add(loss);
        if (step > 1 && smoothed > best + (stopThreshold - 1) * Math.abs(best)) {
            stop(run, "the loss runs away");
        }
        best = Math.min(best, smoothed);
    }

    private void stop(Run run, String reason) {
        stopped = true;
        run.requestStop(reason);
    }
}
