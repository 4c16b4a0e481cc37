package io.github.lightning4j.callback;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LogOptions;
import io.github.lightning4j.Optimizer;
import io.github.lightning4j.ParamGroup;
import io.github.lightning4j.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Logs the learning rate of every parameter group: {@code lr-Adam}; {@code lr-Adam} and {@code lr-Adam-1} for two
 * optimizers of that name; {@code lr-Adam/pg1} and so on, or the groups' own names, where there are several groups.
 *
 * <p>The rate logged is the one the step, or the epoch's first step, is made with.
 */
public final class LearningRateMonitor implements Callback {
    private static final LogOptions AT_STEP = LogOptions.defaults().onStep(true).onEpoch(false);
    private static final LogOptions AT_EPOCH =
            LogOptions.defaults().onStep(false).onEpoch(true);
    private static final String MOMENTUM = "momentum";
    private static final String BETA1 = "beta1";
    private static final String WEIGHT_DECAY = "weight_decay";

    private final boolean everyStep;
    private final boolean withMomentum;
    private final boolean withWeightDecay;
    private List<Reading> readings = List.of();

    /** One number to log: an option of a group, under a name made once. */
    private record Reading(String key, ParamGroup group, String option) {}

    private LearningRateMonitor(boolean everyStep, boolean withMomentum, boolean withWeightDecay) {
        this.everyStep = everyStep;
        this.withMomentum = withMomentum;
        this.withWeightDecay = withWeightDecay;
    }

    /**
     * Logs the rates of every step, in the rows the Trainer writes.
     *
     * @return the callback
     */
    public static LearningRateMonitor everyStep() {
        return new LearningRateMonitor(true, false, false);
    }

    /**
     * Logs the rates at the start of every epoch, in the epoch's row.
     *
     * @return the callback
     */
    public static LearningRateMonitor everyEpoch() {
        return new LearningRateMonitor(false, false, false);
    }

    /**
     * Logs the momentum as well, Adam's first beta included, under the rate's key with {@code -momentum} behind.
     *
     * @return a changed copy
     */
    public LearningRateMonitor withMomentum() {
        return new LearningRateMonitor(everyStep, true, withWeightDecay);
    }

    /**
     * Logs the weight decay as well, under the rate's key with {@code -weight_decay} behind.
     *
     * @return a changed copy
     */
    public LearningRateMonitor withWeightDecay() {
        return new LearningRateMonitor(everyStep, withMomentum, true);
    }

    @Override
    public void onTrainStart(Run run) {
        readings = readingsOf(run.optimizers());
    }

    @Override
    public void onTrainEpochStart(Run run) {
        readings = readingsOf(run.optimizers());
        if (!everyStep) {
            log(run, AT_EPOCH);
        }
    }

    @Override
    public void onTrainBatchStart(Run run, Batch batch, int batchIndex) {
        if (everyStep) {
            log(run, AT_STEP);
        }
    }

    @Override
    public void onTrainEnd(Run run) {
        readings = List.of();
    }

    private void log(Run run, LogOptions options) {
        for (int i = 0; i < readings.size(); i++) {
            Reading reading = readings.get(i);
            run.log(reading.key, reading.group.get(reading.option), options);
        }
    }

    private List<Reading> readingsOf(List<Optimizer> optimizers) {
        List<Reading> all = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (Optimizer optimizer : optimizers) {
            int earlier = seen.merge(optimizer.name(), 1, Integer::sum) - 1;
            String key = "lr-" + optimizer.name() + (earlier == 0 ? "" : "-" + earlier);
            Set<String> groups = new HashSet<>();
            for (ParamGroup group : optimizer.paramGroups()) {
                if (!groups.add(group.name())) {
                    throw new ConfigurationException("LearningRateMonitor: " + optimizer.name()
                            + " has two parameter groups named '" + group.name() + "'. Give each a name of its own.");
                }
                addReadings(all, optimizer.paramGroups().size() == 1 ? key : key + "/" + group.name(), group);
            }
        }
        return all;
    }

    private void addReadings(List<Reading> all, String key, ParamGroup group) {
        all.add(new Reading(key, group, ParamGroup.LR));
        if (withMomentum && (group.has(MOMENTUM) || group.has(BETA1))) {
            all.add(new Reading(key + "-momentum", group, group.has(MOMENTUM) ? MOMENTUM : BETA1));
        }
        if (withWeightDecay && group.has(WEIGHT_DECAY)) {
            all.add(new Reading(key + "-weight_decay", group, WEIGHT_DECAY));
        }
    }
}
