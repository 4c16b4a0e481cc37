package io.github.lightning4j.search;

import ai.djl.training.dataset.Batch;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Require;
import io.github.lightning4j.trainer.FitResult;
import io.github.lightning4j.trainer.Trainer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Trains trials, each to the end of a rung and later on from there. */
final class TrialRunner<C> {
    /** What a configuration is trained and validated on. */
    record Loaders(Iterable<Batch> train, Iterable<Batch> val) {}

    private final Function<? super C, ? extends LightningModule> module;
    private final Function<? super C, Trainer.Builder> trainer;
    private final Function<? super C, Loaders> loaders;
    private final String monitor;
    private final Rungs rungs;

    TrialRunner(
            Function<? super C, ? extends LightningModule> module,
            Function<? super C, Trainer.Builder> trainer,
            Function<? super C, Loaders> loaders,
            String monitor,
            Rungs rungs) {
        this.module = module;
        this.trainer = trainer;
        this.loaders = loaders;
        this.monitor = monitor;
        this.rungs = rungs;
    }

    Stint run(C config, long seed, Path directory, Course.Job job) {
        Pause pause = new Pause(rungs.epochs().get(job.rung()));
        Trainer.Builder builder = Require.given(trainer.apply(config), "the Trainer.Builder of " + config)
                .seed(seed)
                .maxEpochs(rungs.most())
                .runDirectory(directory)
                .autoResume(true);
        if (job.rung() < rungs.top()) {
            builder.callbacks(pause);
        }
        Loaders data = loaders.apply(config);
        try (LightningModule fresh = Require.given(module.apply(config), "the module of " + config)) {
            FitResult fit = builder.build().fit(fresh, data.train(), data.val());
            requireDone(job, fit, pause);
            return new Stint(fit.epochs(), value(fit), Map.copyOf(fit.metrics()), fit.weightsSha256());
        }
    }

    private static void requireDone(Course.Job job, FitResult fit, Pause pause) {
        boolean interrupted = fit.resumeFrom() != null && !pause.reached();
        if (interrupted || Thread.currentThread().isInterrupted()) {
            throw new LightningException("The search was interrupted in trial " + job.trial() + " after " + fit.epochs()
                    + " epochs (" + fit.stopReason() + "). Run it again with the same directory to go on.");
        }
    }

    private double value(FitResult fit) {
        @Nullable Double value = fit.metrics().get(monitor);
        if (value == null) {
            throw new ConfigurationException("The search monitors '" + monitor + "', which was not logged; known are "
                    + new TreeSet<>(fit.metrics().keySet()) + ". Log it in validationStep, or monitor another.");
        }
        return value;
    }
}
