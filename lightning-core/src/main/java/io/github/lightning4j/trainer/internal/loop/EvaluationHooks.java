package io.github.lightning4j.trainer.internal.loop;

import io.github.lightning4j.Stage;
import io.github.lightning4j.trainer.internal.hook.Hook;

/** The hooks of a validation, or those of a test. */
record EvaluationHooks(
        Hook start, Hook epochStart, Hook batchStart, Hook step, Hook batchEnd, Hook epochEnd, Hook end) {
    private static final EvaluationHooks VALIDATION = new EvaluationHooks(
            Hook.ON_VALIDATION_START,
            Hook.ON_VALIDATION_EPOCH_START,
            Hook.ON_VALIDATION_BATCH_START,
            Hook.VALIDATION_STEP,
            Hook.ON_VALIDATION_BATCH_END,
            Hook.ON_VALIDATION_EPOCH_END,
            Hook.ON_VALIDATION_END);

    private static final EvaluationHooks TEST = new EvaluationHooks(
            Hook.ON_TEST_START,
            Hook.ON_TEST_EPOCH_START,
            Hook.ON_TEST_BATCH_START,
            Hook.TEST_STEP,
            Hook.ON_TEST_BATCH_END,
            Hook.ON_TEST_EPOCH_END,
            Hook.ON_TEST_END);

    static EvaluationHooks of(Stage stage) {
        return stage == Stage.TEST ? TEST : VALIDATION;
    }
}
