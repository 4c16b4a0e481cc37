package io.github.lightning4j.trainer.internal.loop;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.Callback;
import io.github.lightning4j.LightningModule;

/** Calls the hooks of a validation or a test: callbacks first, then the module. */
final class EvaluationHooks {
    private final EvaluationKind kind;
    private final RunSession session;
    private final LightningModule module;
    private final Hooks hooks;
    private final LogBook book;
    private final Callback[] batchStart;
    private final Callback[] batchEnd;

    EvaluationHooks(RunSession session, EvaluationKind kind) {
        this.kind = kind;
        this.session = session;
        this.module = session.module();
        this.hooks = session.hooks();
        this.book = session.book();
        this.batchStart = hooks.overriding(kind.batchStartName());
        this.batchEnd = hooks.overriding(kind.batchEndName());
    }

    void start() {
        hooks.call(
                Hook.ON_EVALUATION_START,
                callback -> kind.callbackStart().accept(callback, session),
                () -> kind.moduleStart().accept(module));
    }

    void epochStart() {
        hooks.call(
                Hook.ON_EVALUATION_EPOCH_START,
                callback -> kind.callbackEpochStart().accept(callback, session),
                () -> kind.moduleEpochStart().accept(module));
    }

    void batchStart(Batch batch, int index, int loader) {
        book.enter(Hook.ON_EVALUATION_BATCH_START);
        for (Callback callback : batchStart) {
            kind.callbackBatchStart().call(callback, session, batch, index, loader);
        }
        kind.moduleBatchStart().call(module, batch, index, loader);
    }

    void step(Batch batch, int index, int loader) {
        book.enter(Hook.EVALUATION_STEP);
        kind.moduleStep().call(module, batch, index, loader);
    }

    void batchEnd(Batch batch, int index, int loader) {
        book.enter(Hook.ON_EVALUATION_BATCH_END);
        for (Callback callback : batchEnd) {
            kind.callbackBatchEnd().call(callback, session, batch, index, loader);
        }
        kind.moduleBatchEnd().call(module, batch, index, loader);
    }

    void epochEnd() {
        hooks.call(
                Hook.ON_EVALUATION_EPOCH_END,
                callback -> kind.callbackEpochEnd().accept(callback, session),
                () -> kind.moduleEpochEnd().accept(module));
    }

    void end() {
        hooks.call(
                Hook.ON_EVALUATION_END,
                callback -> kind.callbackEnd().accept(callback, session),
                () -> kind.moduleEnd().accept(module));
    }
}
