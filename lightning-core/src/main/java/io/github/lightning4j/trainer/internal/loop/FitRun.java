package io.github.lightning4j.trainer.internal.loop;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.BatchSource;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Stage;
import io.github.lightning4j.data.Sources;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One fit from its first hook to its last, whatever happens in between. */
public final class FitRun {
    private static final AtomicReference<@Nullable Thread> RUNNING = new AtomicReference<>();

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

    /** What a fit is given, asked for in the order of these methods. */
    public interface Inputs {
        /** Applies what a checkpoint says of the data; the module's and the callbacks' setup is done. */
        void restoreData();

        /**
         * The training batches.
         *
         * @return the batches
         */
        Iterable<Batch> train();

        /**
         * The validation batches.
         *
         * @return one source a loader
         */
        List<? extends Iterable<Batch>> validation();

        /** Applies the rest of a checkpoint; the optimizers are made. */
        void restore();
    }

    /**
     * Claims the one fit this JVM can run at a time.
     *
     * @throws ConfigurationException if one is running
     */
    public static void claim() {
        if (!RUNNING.compareAndSet(null, Thread.currentThread())) {
            throw new ConfigurationException(
                    "A fit is running in this JVM already. libtorch has one random generator per"
                            + " process, so two at a time could not be reproduced. Wait for it, or use another process.");
        }
    }

    /**
     * Whether a fit runs on another thread. What is one of a kind in the process, libtorch's random generator and number of
     * threads, is then that fit's.
     *
     * @return true if this thread must leave them alone
     */
    public static boolean isOnAnotherThread() {
        Thread fitting = RUNNING.get();
        return fitting != null && fitting != Thread.currentThread();
    }

    /** Gives the claim back. */
    public static void release() {
        RUNNING.set(null);
    }

    /**
     * Runs the fit.
     *
     * @param inputs data and checkpoint
     * @return why it ended, in words
     */
    public String run(Inputs inputs) {
        return new Lifecycle(session, Stage.TRAIN).run(() -> {
            inputs.restoreData();
            BatchSource source = Sources.of(inputs.train());
            List<BatchSource> validation =
                    inputs.validation().stream().<BatchSource>map(Sources::of).toList();
            return Failures.ended(() -> setUpAndFit(source, validation, inputs), source::forget);
        });
    }

    private String setUpAndFit(BatchSource source, List<BatchSource> validation, Inputs inputs) {
        ModuleSetup setup = new ModuleSetup(session);
        setup.initialize(source);
        setup.configureOptimizers();
        inputs.restore();
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
