package io.github.lightning4j.trainer.internal.hook;

import static io.github.lightning4j.trainer.internal.hook.LogPolicy.EPOCH_ONLY;
import static io.github.lightning4j.trainer.internal.hook.LogPolicy.FORBIDDEN;
import static io.github.lightning4j.trainer.internal.hook.LogPolicy.PER_EPOCH;
import static io.github.lightning4j.trainer.internal.hook.LogPolicy.PER_STEP;

import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Run;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The table of every place the loop calls out to. A line is a hook: what {@code log} does there, the callback's method, the
 * module's. Where a method gives something back, the loop calls it itself and the line has none.
 */
public enum Hook {
    /** Between two hooks. */
    NONE(FORBIDDEN),

    SETUP(FORBIDDEN, (c, run, a) -> c.setup(run, a.stage()), (m, a) -> m.setup(a.stage())),
    CONFIGURE_OPTIMIZERS(FORBIDDEN),
    ON_FIT_START(FORBIDDEN, (c, run, a) -> c.onFitStart(run), (m, a) -> m.onFitStart()),
    ON_SANITY_CHECK_START(FORBIDDEN, (c, run, a) -> c.onSanityCheckStart(run), null),
    ON_SANITY_CHECK_END(FORBIDDEN, (c, run, a) -> c.onSanityCheckEnd(run), null),

    ON_TRAIN_START(EPOCH_ONLY, (c, run, a) -> c.onTrainStart(run), (m, a) -> m.onTrainStart()),
    ON_TRAIN_EPOCH_START(EPOCH_ONLY, (c, run, a) -> c.onTrainEpochStart(run), (m, a) -> m.onTrainEpochStart()),
    ON_TRAIN_BATCH_START(
            PER_STEP,
            (c, run, a) -> c.onTrainBatchStart(run, a.batch(), a.index),
            (m, a) -> m.onTrainBatchStart(a.batch(), a.index)),
    TRAINING_STEP(PER_STEP),
    ON_BEFORE_ZERO_GRAD(
            PER_STEP,
            (c, run, a) -> c.onBeforeZeroGrad(run, a.optimizer()),
            (m, a) -> m.onBeforeZeroGrad(a.optimizer())),
    ON_BEFORE_BACKWARD(
            PER_STEP, (c, run, a) -> c.onBeforeBackward(run, a.loss()), (m, a) -> m.onBeforeBackward(a.loss())),
    ON_AFTER_BACKWARD(PER_STEP, (c, run, a) -> c.onAfterBackward(run), (m, a) -> m.onAfterBackward()),
    ON_BEFORE_OPTIMIZER_STEP(
            PER_STEP,
            (c, run, a) -> c.onBeforeOptimizerStep(run, a.optimizer()),
            (m, a) -> m.onBeforeOptimizerStep(a.optimizer())),
    CONFIGURE_GRADIENT_CLIPPING(PER_STEP),
    OPTIMIZER_STEP(PER_STEP),
    ON_TRAIN_BATCH_END(
            PER_STEP,
            (c, run, a) -> c.onTrainBatchEnd(run, a.loss, a.batch(), a.index),
            (m, a) -> m.onTrainBatchEnd(a.loss, a.batch(), a.index)),
    ON_TRAIN_EPOCH_END(EPOCH_ONLY, (c, run, a) -> c.onTrainEpochEnd(run), (m, a) -> m.onTrainEpochEnd()),
    ON_TRAIN_END(FORBIDDEN, (c, run, a) -> c.onTrainEnd(run), (m, a) -> m.onTrainEnd()),

    ON_VALIDATION_START(EPOCH_ONLY, (c, run, a) -> c.onValidationStart(run), (m, a) -> m.onValidationStart()),
    ON_VALIDATION_EPOCH_START(
            EPOCH_ONLY, (c, run, a) -> c.onValidationEpochStart(run), (m, a) -> m.onValidationEpochStart()),
    ON_VALIDATION_BATCH_START(
            PER_EPOCH,
            (c, run, a) -> c.onValidationBatchStart(run, a.batch(), a.index, a.loader),
            (m, a) -> m.onValidationBatchStart(a.batch(), a.index, a.loader)),
    VALIDATION_STEP(PER_EPOCH, null, (m, a) -> m.validationStep(a.batch(), a.index, a.loader)),
    ON_VALIDATION_BATCH_END(
            PER_EPOCH,
            (c, run, a) -> c.onValidationBatchEnd(run, a.batch(), a.index, a.loader),
            (m, a) -> m.onValidationBatchEnd(a.batch(), a.index, a.loader)),
    ON_VALIDATION_EPOCH_END(EPOCH_ONLY, (c, run, a) -> c.onValidationEpochEnd(run), (m, a) -> m.onValidationEpochEnd()),
    ON_VALIDATION_END(FORBIDDEN, (c, run, a) -> c.onValidationEnd(run), (m, a) -> m.onValidationEnd()),

    ON_TEST_START(EPOCH_ONLY, (c, run, a) -> c.onTestStart(run), (m, a) -> m.onTestStart()),
    ON_TEST_EPOCH_START(EPOCH_ONLY, (c, run, a) -> c.onTestEpochStart(run), (m, a) -> m.onTestEpochStart()),
    ON_TEST_BATCH_START(
            PER_EPOCH,
            (c, run, a) -> c.onTestBatchStart(run, a.batch(), a.index, a.loader),
            (m, a) -> m.onTestBatchStart(a.batch(), a.index, a.loader)),
    TEST_STEP(PER_EPOCH, null, (m, a) -> m.testStep(a.batch(), a.index, a.loader)),
    ON_TEST_BATCH_END(
            PER_EPOCH,
            (c, run, a) -> c.onTestBatchEnd(run, a.batch(), a.index, a.loader),
            (m, a) -> m.onTestBatchEnd(a.batch(), a.index, a.loader)),
    ON_TEST_EPOCH_END(EPOCH_ONLY, (c, run, a) -> c.onTestEpochEnd(run), (m, a) -> m.onTestEpochEnd()),
    ON_TEST_END(FORBIDDEN, (c, run, a) -> c.onTestEnd(run), (m, a) -> m.onTestEnd()),

    ON_PREDICT_START(FORBIDDEN, (c, run, a) -> c.onPredictStart(run), (m, a) -> m.onPredictStart()),
    ON_PREDICT_EPOCH_START(FORBIDDEN, (c, run, a) -> c.onPredictEpochStart(run), (m, a) -> m.onPredictEpochStart()),
    ON_PREDICT_BATCH_START(
            FORBIDDEN,
            (c, run, a) -> c.onPredictBatchStart(run, a.batch(), a.index, a.loader),
            (m, a) -> m.onPredictBatchStart(a.batch(), a.index, a.loader)),
    PREDICT_STEP(FORBIDDEN),
    ON_PREDICT_BATCH_END(
            FORBIDDEN,
            (c, run, a) -> c.onPredictBatchEnd(run, a.outputs(), a.batch(), a.index, a.loader),
            (m, a) -> m.onPredictBatchEnd(a.outputs(), a.batch(), a.index, a.loader)),
    ON_PREDICT_EPOCH_END(FORBIDDEN, (c, run, a) -> c.onPredictEpochEnd(run), (m, a) -> m.onPredictEpochEnd()),
    ON_PREDICT_END(FORBIDDEN, (c, run, a) -> c.onPredictEnd(run), (m, a) -> m.onPredictEnd()),

    ON_SAVE_POINT(FORBIDDEN, (c, run, a) -> c.onSavePoint(run, a.point()), null),
    ON_BEFORE_SAVE(FORBIDDEN, (c, run, a) -> c.onBeforeSave(run), null),
    ON_AFTER_SAVE(FORBIDDEN, (c, run, a) -> c.onAfterSave(run), null),
    ON_EXCEPTION(FORBIDDEN, (c, run, a) -> c.onException(run, a.failure()), null),
    ON_FIT_END(FORBIDDEN, (c, run, a) -> c.onFitEnd(run), (m, a) -> m.onFitEnd()),
    TEARDOWN(FORBIDDEN, (c, run, a) -> c.teardown(run, a.stage()), (m, a) -> m.teardown(a.stage()));

    private static final OfCallback NO_CALLBACK = (callback, run, args) -> {};
    private static final OfModule NO_MODULE = (module, args) -> {};

    private final LogPolicy policy;
    private final @Nullable OfCallback ofCallback;
    private final @Nullable OfModule ofModule;
    private final boolean evaluation;
    private final boolean withinBatch;
    private final String label;

    /** Calls a callback's method. */
    interface OfCallback {
        void call(Callback callback, Run run, HookArgs args);
    }

    /** Calls a module's method. */
    interface OfModule {
        void call(LightningModule module, HookArgs args) throws Exception;
    }

    Hook(LogPolicy policy) {
        this(policy, null, null);
    }

    Hook(LogPolicy policy, @Nullable OfCallback ofCallback, @Nullable OfModule ofModule) {
        this.policy = policy;
        this.ofCallback = ofCallback;
        this.ofModule = ofModule;
        this.evaluation = name().contains("VALIDATION") || name().startsWith("TEST_") || name().contains("_TEST_");
        this.withinBatch = policy == PER_STEP || name().contains("_BATCH_") || name().endsWith("_STEP");
        this.label = label(name());
    }

    private static String label(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.split("_", -1)) {
            String lower = word.toLowerCase(Locale.ROOT);
            text.append(text.isEmpty() ? lower : word.charAt(0) + lower.substring(1));
        }
        return text.toString();
    }

    /** What {@code log} does here. */
    public LogPolicy policy() {
        return policy;
    }

    /**
     * Refuses to log where nothing can be.
     *
     * @param call what was called, for the message
     */
    public void requireLogging(String call) {
        if (policy == FORBIDDEN) {
            throw new ConfigurationException(call + " was called in " + label
                    + ", where nothing can be logged. Log in a step or in an epoch hook.");
        }
    }

    /** Whether it belongs to a validation or a test; true if what is logged here is reduced with the evaluation. */
    public boolean isEvaluation() {
        return evaluation;
    }

    /** Whether it is called while a batch's own memory scope is open. */
    boolean isWithinBatch() {
        return withinBatch;
    }

    /** Whether it is there to make what the run then uses, such as a teacher. */
    boolean makesParts() {
        return this == SETUP || this == ON_FIT_START || this == CONFIGURE_OPTIMIZERS;
    }

    /** The name of the method: {@code onTrainBatchEnd}. */
    public String label() {
        return label;
    }

    /** The name in a checkpoint, which knows validations by the name they have in common with tests. */
    public String savedName() {
        return name().replace("VALIDATION", "EVALUATION");
    }

    /** The hook a checkpoint speaks of. */
    public static Hook saved(String name) {
        return valueOf(name.replace("EVALUATION", "VALIDATION"));
    }

    OfCallback ofCallback() {
        return ofCallback == null ? NO_CALLBACK : ofCallback;
    }

    OfModule ofModule() {
        return ofModule == null ? NO_MODULE : ofModule;
    }

    boolean isForCallbacks() {
        return ofCallback != null;
    }
}
