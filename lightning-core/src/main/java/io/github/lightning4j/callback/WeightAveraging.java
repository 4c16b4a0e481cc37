package io.github.lightning4j.callback;

import ai.djl.ndarray.NDArray;
import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Run;
import io.github.lightning4j.Stage;
import io.github.lightning4j.StateReader;
import io.github.lightning4j.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an average of the weights beside those that are trained. The first weights that are due are copied; each further
 * time the average moves towards the weights by {@link #weight}. A subclass says when, and how far.
 *
 * <p>The average is what validations judge, what every checkpoint holds as the module's weights, those of weights alone
 * included, and what the module has when the fit is over, so that {@code test} and {@code predict} use it. A checkpoint of a
 * fit holds the trained weights beside it, with which the fit goes on exactly. As long as nothing was due there is no average,
 * and the weights are used as they are.
 *
 * <p>It costs the memory of the weights once more, and one native call or two each time. Of several in one run all but one
 * are refused.
 *
 * <p>Source: <a href="https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.WeightAveraging.html">
 * WeightAveraging</a> of PyTorch Lightning.
 */
public abstract class WeightAveraging implements Callback {
    private static final String CURRENT = "current";

    private final boolean averagesBuffers;
    private @Nullable LightningModule module;
    private @Nullable AveragedWeights weights;
    private long averaged;
    private long step;
    private long epochsSeen;
    private boolean swapped;
    private boolean validating;
    private boolean swappedForSave;

    /**
     * Creates a callback.
     *
     * @param averagesBuffers whether buffers, such as the running statistics of BatchNorm, are averaged like parameters; if
     *     not, those of the module are taken over
     */
    protected WeightAveraging(boolean averagesBuffers) {
        this.averagesBuffers = averagesBuffers;
    }

    /**
     * Whether the weights are averaged after the optimizer step that was just made.
     *
     * @param run the run; its {@link Run#globalStep()} is the number of the step, from 1
     * @return false by default
     */
    protected boolean isDueAfterStep(Run run) {
        return false;
    }

    /**
     * Whether the weights are averaged after the last batch of the epoch, before its validation.
     *
     * @param run the run; its {@link Run#epoch()} is the number of the epoch, from 0
     * @return false by default
     */
    protected boolean isDueAfterEpoch(Run run) {
        return false;
    }

    /**
     * How far the average moves towards the present weights: {@code average += weight * (present - average)}.
     *
     * @param count how many weights the average was made of so far, at least 1
     * @return from 0, which leaves the average, to 1, which replaces it
     */
    protected abstract double weight(long count);

    /**
     * How many times weights were averaged in this run.
     *
     * @return 0 as long as there is no average
     */
    public final long averaged() {
        return averaged;
    }

    @Override
    public void setup(Run run, Stage stage) {
        forget();
        if (!run.isFitting()) {
            return;
        }
        if (run.callbacks().stream().filter(WeightAveraging.class::isInstance).count() > 1) {
            throw new ConfigurationException(
                    "Two callbacks average the weights, but a module can have one average. Leave one of them out.");
        }
        module = run.module();
    }

    private void forget() {
        if (weights != null) {
            weights.close();
        }
        module = null;
        weights = null;
        averaged = 0;
        epochsSeen = 0;
        swapped = false;
        validating = false;
        swappedForSave = false;
    }

    @Override
    public void onTrainStart(Run run) {
        step = run.globalStep();
        epochsSeen = Math.max(epochsSeen, run.epoch());
    }

    @Override
    public void onTrainBatchEnd(Run run, @Nullable NDArray loss, Batch batch, int batchIndex) {
        afterStep(run);
        if (run.batchesDone() == run.trainBatches()) {
            afterEpoch(run);
        }
    }

    @Override
    public void onTrainEpochEnd(Run run) {
        afterStep(run);
        afterEpoch(run);
    }

    private void afterStep(Run run) {
        if (run.globalStep() != step) {
            step = run.globalStep();
            if (isDueAfterStep(run)) {
                average(run);
            }
        }
    }

    private void afterEpoch(Run run) {
        if (run.epoch() >= epochsSeen) {
            epochsSeen = run.epoch() + 1;
            if (isDueAfterEpoch(run)) {
                average(run);
            }
        }
    }

    private void average(Run run) {
        if (weights == null) {
            weights = new AveragedWeights(run.module(), averagesBuffers);
        } else {
            weights.approach(weight(averaged));
        }
        averaged++;
    }

    /**
     * Does something while the module has the average, such as refreshing statistics that depend on the weights.
     *
     * @param action what is done; the trained weights are put back afterwards
     */
    protected final void withAverage(Runnable action) {
        boolean before = swapped;
        use(true);
        try {
            action.run();
        } finally {
            use(before);
        }
    }

    /** Puts the average into the module, or the trained weights back. */
    private void use(boolean average) {
        if (weights != null && swapped != average) {
            weights.swap();
            swapped = average;
        }
    }

    @Override
    public void onValidationStart(Run run) {
        if (run.isFitting()) {
            validating = true;
            use(true);
        }
    }

    @Override
    public void onValidationEnd(Run run) {
        if (run.isFitting()) {
            validating = false;
            use(false);
        }
    }

    @Override
    public void onBeforeSave(Run run) {
        swappedForSave = !swapped;
        use(true);
    }

    @Override
    public void onAfterSave(Run run) {
        if (swappedForSave) {
            swappedForSave = false;
            use(false);
        }
    }

    @Override
    public void onTrainEnd(Run run) {
        use(true);
    }

    @Override
    public void teardown(Run run, Stage stage) {
        if (weights != null) {
            weights.close();
            weights = null;
        }
        module = null;
    }

    @Override
    public void save(StateWriter state) {
        state.putLong("averaged", averaged);
        state.putLong("epochs_seen", epochsSeen);
        state.putBoolean("validating", validating);
        if (weights != null) {
            weights.save(state.child(CURRENT), swapped);
        }
    }

    @Override
    public void load(StateReader state) {
        averaged = state.getLong("averaged", 0);
        epochsSeen = state.getLong("epochs_seen", 0);
        validating = state.getBoolean("validating");
        if (averaged == 0 || module == null) {
            return;
        }
        weights = new AveragedWeights(module, averagesBuffers);
        weights.load(state.child(CURRENT));
        swapped = true;
        use(validating);
    }
}
