package io.github.lightning4j.internal.loop;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Stage;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One fit from its first hook to its last, whatever happens in between. */
public final class FitRun {
    private static final AtomicBoolean RUNNING = new AtomicBoolean();

    private final RunSession session;
    private final LightningModule module;

    /**
     * Prepares a fit.
     *
     * @param session its session
     */
    public FitRun(RunSession session) {
        this.session = session;
        this.module = session.module();
    }

    /** What happens between the making of the optimizers and the first hook of the fit: a checkpoint is applied, say. */
    public interface Restore {
        /** Applies it. */
        void run();
    }

    /**
     * Claims the one fit this JVM can run at a time.
     *
     * @throws ConfigurationException if one is running
     */
    public static void claim() {
        if (!RUNNING.compareAndSet(false, true)) {
            throw new ConfigurationException(
                    "A fit is running in this JVM already. libtorch has one random generator per"
                            + " process, so two at a time could not be reproduced. Wait for it, or use another process.");
        }
    }

    /** Gives the claim back. */
    public static void release() {
        RUNNING.set(false);
    }

    /**
     * Runs the fit.
     *
     * @param train the training batches
     * @param vals the validation batches
     * @param restore applies a checkpoint, or does nothing
     * @return why it ended, in words
     */
    public String run(Iterable<Batch> train, List<? extends Iterable<Batch>> vals, Restore restore) {
        BatchSource source = Sources.of(train);
        List<BatchSource> validation = vals.stream().map(Sources::of).toList();
        Lifecycle lifecycle = new Lifecycle(session, Stage.TRAIN);
        return lifecycle.run(() ->
                Failures.ended(() -> setUpAndFit(source, validation, restore), () -> Sources.forgetPeeked(source)));
    }

    private String setUpAndFit(BatchSource source, List<BatchSource> validation, Restore restore) {
        ModuleSetup setup = new ModuleSetup(session);
        setup.initialize(source);
        setup.configureOptimizers();
        restore.run();
        session.begin();
        return fit(new FitLoop(session, source, validation));
    }

    private String fit(FitLoop loop) {
        return Failures.ended(
                () -> {
                    session.hooks().call(Hook.ON_FIT_START, each -> each.onFitStart(session), module::onFitStart);
                    if (!module.hyperparameters().isEmpty()) {
                        session.loggers().forEach((Logger each) -> each.logHyperparameters(module.hyperparameters()));
                    }
                    return loop.run();
                },
                () -> session.hooks().callAll(Hook.ON_FIT_END, each -> each.onFitEnd(session), module::onFitEnd));
    }
}
