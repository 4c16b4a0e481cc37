package io.github.lightning4j.trainer.internal.loop;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Run;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Validation or test: which hooks of callbacks and module belong to it. */
record EvaluationKind(
        BiConsumer<Callback, Run> callbackStart,
        BiConsumer<Callback, Run> callbackEpochStart,
        String batchStartName,
        CallbackBatchHook callbackBatchStart,
        String batchEndName,
        CallbackBatchHook callbackBatchEnd,
        BiConsumer<Callback, Run> callbackEpochEnd,
        BiConsumer<Callback, Run> callbackEnd,
        Consumer<LightningModule> moduleStart,
        Consumer<LightningModule> moduleEpochStart,
        ModuleBatchHook moduleBatchStart,
        ModuleBatchHook moduleStep,
        ModuleBatchHook moduleBatchEnd,
        Consumer<LightningModule> moduleEpochEnd,
        Consumer<LightningModule> moduleEnd) {

    static final EvaluationKind VALIDATION = new EvaluationKind(
            Callback::onValidationStart,
            Callback::onValidationEpochStart,
            "onValidationBatchStart",
            Callback::onValidationBatchStart,
            "onValidationBatchEnd",
            Callback::onValidationBatchEnd,
            Callback::onValidationEpochEnd,
            Callback::onValidationEnd,
            LightningModule::onValidationStart,
            LightningModule::onValidationEpochStart,
            LightningModule::onValidationBatchStart,
            LightningModule::validationStep,
            LightningModule::onValidationBatchEnd,
            LightningModule::onValidationEpochEnd,
            LightningModule::onValidationEnd);

    static final EvaluationKind TEST = new EvaluationKind(
            Callback::onTestStart,
            Callback::onTestEpochStart,
            "onTestBatchStart",
            Callback::onTestBatchStart,
            "onTestBatchEnd",
            Callback::onTestBatchEnd,
            Callback::onTestEpochEnd,
            Callback::onTestEnd,
            LightningModule::onTestStart,
            LightningModule::onTestEpochStart,
            LightningModule::onTestBatchStart,
            LightningModule::testStep,
            LightningModule::onTestBatchEnd,
            LightningModule::onTestEpochEnd,
            LightningModule::onTestEnd);

    /** A callback's hook around one batch. */
    interface CallbackBatchHook {
        void call(Callback callback, Run run, Batch batch, int index, int loader);
    }

    /** The module's step, or its hook around one. */
    interface ModuleBatchHook {
        void call(LightningModule module, Batch batch, int index, int loader);
    }
}
