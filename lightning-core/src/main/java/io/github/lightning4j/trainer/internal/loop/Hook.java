package io.github.lightning4j.trainer.internal.loop;

/** Every place the loop calls out to, and what {@code log} does there. */
enum Hook {
    SETUP(LogPolicy.FORBIDDEN, false),
    TEARDOWN(LogPolicy.FORBIDDEN, false),
    CONFIGURE_OPTIMIZERS(LogPolicy.FORBIDDEN, false),
    ON_FIT_START(LogPolicy.FORBIDDEN, false),
    ON_FIT_END(LogPolicy.FORBIDDEN, false),
    ON_SANITY_CHECK_START(LogPolicy.FORBIDDEN, false),
    ON_SANITY_CHECK_END(LogPolicy.FORBIDDEN, false),
    ON_SAVE_POINT(LogPolicy.FORBIDDEN, false),
    ON_EXCEPTION(LogPolicy.FORBIDDEN, false),

    ON_TRAIN_START(LogPolicy.EPOCH_ONLY, false),
    ON_TRAIN_END(LogPolicy.FORBIDDEN, false),
    ON_TRAIN_EPOCH_START(LogPolicy.EPOCH_ONLY, false),
    ON_TRAIN_EPOCH_END(LogPolicy.EPOCH_ONLY, false),
    ON_TRAIN_BATCH_START(LogPolicy.PER_STEP, false),
    TRAINING_STEP(LogPolicy.PER_STEP, false),
    ON_BEFORE_ZERO_GRAD(LogPolicy.PER_STEP, false),
    ON_BEFORE_BACKWARD(LogPolicy.PER_STEP, false),
    ON_AFTER_BACKWARD(LogPolicy.PER_STEP, false),
    ON_BEFORE_OPTIMIZER_STEP(LogPolicy.PER_STEP, false),
    CONFIGURE_GRADIENT_CLIPPING(LogPolicy.PER_STEP, false),
    ON_TRAIN_BATCH_END(LogPolicy.PER_STEP, false),

    ON_EVALUATION_START(LogPolicy.EPOCH_ONLY, true),
    ON_EVALUATION_EPOCH_START(LogPolicy.EPOCH_ONLY, true),
    ON_EVALUATION_BATCH_START(LogPolicy.PER_EPOCH, true),
    EVALUATION_STEP(LogPolicy.PER_EPOCH, true),
    ON_EVALUATION_BATCH_END(LogPolicy.PER_EPOCH, true),
    ON_EVALUATION_EPOCH_END(LogPolicy.EPOCH_ONLY, true),
    ON_EVALUATION_END(LogPolicy.FORBIDDEN, true),

    PREDICT(LogPolicy.FORBIDDEN, false);

    /** What {@code log} does in a hook when the user leaves it open, and what it refuses. */
    enum LogPolicy {
        /** Each step's value by default. */
        PER_STEP,
        /** The epoch's value by default. */
        PER_EPOCH,
        /** The epoch's value, and nothing else. */
        EPOCH_ONLY,
        /** No logging at all. */
        FORBIDDEN
    }

    private final LogPolicy policy;
    private final boolean evaluation;

    Hook(LogPolicy policy, boolean evaluation) {
        this.policy = policy;
        this.evaluation = evaluation;
    }

    LogPolicy policy() {
        return policy;
    }

    boolean isEvaluation() {
        return evaluation;
    }

    /** The name as users know it: {@code onTrainBatchEnd}. */
    String label() {
        if (this == EVALUATION_STEP) {
            return "validationStep or testStep";
        }
        StringBuilder text = new StringBuilder();
        for (String word : name().split("_", -1)) {
            text.append(text.isEmpty() ? word.substring(0, 1).toLowerCase(java.util.Locale.ROOT) : word.substring(0, 1))
                    .append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return text.toString();
    }
}
