package io.github.lightning4j.trainer;

import io.github.lightning4j.Callback;
import io.github.lightning4j.ConfigurationException;
import io.github.lightning4j.LightningModule;
import io.github.lightning4j.Logger;
import io.github.lightning4j.Seeds;
import io.github.lightning4j.Stage;
import io.github.lightning4j.checkpoint.CheckpointCallback;
import io.github.lightning4j.checkpoint.CheckpointInfo;
import io.github.lightning4j.checkpoint.CheckpointWriter;
import io.github.lightning4j.checkpoint.CkptPath;
import io.github.lightning4j.checkpoint.Weights;
import io.github.lightning4j.internal.name.ClassName;
import io.github.lightning4j.internal.name.Overrides;
import io.github.lightning4j.internal.torch.MemoryReserve;
import io.github.lightning4j.internal.torch.TorchClaim;
import io.github.lightning4j.logger.CsvLogger;
import io.github.lightning4j.trainer.internal.hook.Hook;
import io.github.lightning4j.trainer.internal.loop.FitLoop;
import io.github.lightning4j.trainer.internal.loop.Loaders;
import io.github.lightning4j.trainer.internal.loop.ModuleSetup;
import io.github.lightning4j.trainer.internal.loop.OpenRun;
import io.github.lightning4j.trainer.internal.loop.RunParts;
import io.github.lightning4j.trainer.internal.option.Storage;
import io.github.lightning4j.trainer.internal.option.TrainerOptions;
import io.github.lightning4j.trainer.internal.resume.FitCheckpoint;
import io.github.lightning4j.trainer.internal.resume.Resumption;
import io.github.lightning4j.trainer.internal.resume.RunLock;
import io.github.lightning4j.trainer.internal.resume.RunSaver;
import io.github.lightning4j.trainer.internal.resume.SavedLoggers;
import io.github.lightning4j.trainer.internal.resume.Starts;
import io.github.lightning4j.trainer.internal.run.Ends;
import io.github.lightning4j.trainer.internal.run.Interruption;
import io.github.lightning4j.trainer.internal.run.TrainingClock;
import io.github.lightning4j.trainer.internal.step.Optimization;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One fit: what surrounds its loop, in the order in which it begins; it ends in the reverse order, whatever happens. */
final class Fit {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Fit.class);

    private final TrainerOptions options;
    private final LightningModule module;
    private final RunData data;
    private final @Nullable CkptPath ckptPath;
    private final Interruption interruption;
    private final List<Logger> loggers;
    private final MemoryReserve reserve = new MemoryReserve();
    private @Nullable FinishedFit finished;
    /** Whether the run was over before this start. */
    private boolean over;

    Fit(
            TrainerOptions options,
            LightningModule module,
            RunData data,
            @Nullable CkptPath ckptPath,
            Interruption interruption) {
        this.options = options;
        this.module = module;
        this.data = data;
        this.ckptPath = ckptPath;
        this.interruption = interruption;
        this.loggers = loggers(options);
    }

    private static List<Logger> loggers(TrainerOptions options) {
        if (options.fastDevRun()) {
            return List.of();
        }
        return options.loggers() == null ? List.of(new CsvLogger()) : options.loggers();
    }

    FitResult run() {
        return Ends.around(this::fit);
    }

    /** What it leaves behind, or null as long as it is not over. */
    @Nullable
    FinishedFit finished() {
        return finished;
    }

    private void requireTrainable() {
        for (String method : new String[] {"trainingStep", "configureOptimizers"}) {
            if (!Overrides.of(LightningModule.class, module, method)) {
                throw new ConfigurationException(ClassName.of(module) + " does not override " + method
                        + ", so it cannot be trained. Override it, or call validate, test or predict.");
            }
        }
    }

    private FitResult fit(Ends ends) {
        requireTrainable();
        ends.atEnd(interruption::passOn);
        ends.closing(reserve).begin();
        ends.closing(ModuleClaim.take(module));
        TorchClaim.setThreads(options.compute().threads());
        TorchClaim.setBenchmark(options.compute().benchmark());
        Storage storage = options.storage();
        RunLock lock = ends.closing(new RunLock(storage.waitForRunDirectory(), interruption));
        FitDirectory place = new FitDirectory(options, loggers, lock);
        place.lockNamed(ckptPath);
        if (options.intervals().reloadDataLoadersEveryNEpochs() > 0) {
            data.requireHooks();
        }
        data.begin(module, Stage.TRAIN, ends);
        Resumption resumption = ends.closing(resumption());
        Path directory = place.choose(resumption);
        List<Callback> callbacks = RunCallbacks.forFit(options, module, directory != null);
        place.lockCheckpoints(callbacks, directory);
        over = storage.autoResume() && directory != null && resumption.isFinished(directory, options.stop(), callbacks);
        Starts starts = ends.closing(starts(directory, resumption));
        OpenRun run = ends.closing(open(resumption, callbacks, directory));
        run.parts().history().place(over ? null : directory, over ? directory : null, resumption.runDirectory());
        FitCheckpoint checkpoint = new FitCheckpoint(
                run, options, data.module(), over ? SavedLoggers.leftAlone() : SavedLoggers.of(loggers));
        TrainingClock clock = run.parts().clock();
        RunSaver saver = ends.closing(new RunSaver(
                checkpoint,
                run.parts().phases(),
                writer(),
                starts,
                lock,
                run.parts().position(),
                () -> options.stop().isTimeUp(clock.nanos()),
                directory));
        ends.onFailure(failure -> saver.reportFailure());
        run.parts().gate().connect(saver);
        run.parts().position().onStep(starts::step);

        String reason = Ends.around(ofTraining -> train(run, resumption, checkpoint, saver, ofTraining));
        saver.finish();
        return result(run, reason, starts, saver, checkpoint.weightsInfo());
    }

    /** From the first hook to the last. */
    private String train(OpenRun run, Resumption resumption, FitCheckpoint checkpoint, RunSaver saver, Ends ends) {
        RunParts parts = run.parts();
        run.begin(ends);
        data.show(run.view());
        resumption.applyData(checkpoint);
        Loaders loaders = new Loaders(data::train, data::validation);
        ends.atEnd(loaders::forget);
        run.showData(loaders.train(), loaders.vals());

        ModuleSetup setup = new ModuleSetup(parts);
        setup.initialize(loaders.train(), options.compute());
        reserve.suit(module.getParameters());
        Optimization optimization =
                setup.configureOptimizers(options, run.view().directory());
        run.optimizeBy(optimization);
        resumption.apply(checkpoint, parts.position());
        if (resumption.isResuming()) {
            saver.resumed();
        }
        parts.gate().begin();

        FitLoop loop = new FitLoop(parts, options, optimization, loaders);
        ends.atEnd(() -> parts.hooks().on(Hook.ON_FIT_END).callAll());
        parts.hooks().on(Hook.ON_FIT_START).call();
        parts.loggers().logHyperparameters(data.hyperparameters(module));
        parts.loggers().logGraph(module);
        String reason = loop.fit(ends);
        run.ended(reason);
        if (!over && options.storage().autoResume() && saves(run)) {
            saver.saveFinished();
        }
        return reason;
    }

    private boolean saves(OpenRun run) {
        return options.storage().enableCheckpointing()
                || run.view().callbacks().stream().anyMatch(CheckpointCallback.class::isInstance);
    }

    private Resumption resumption() {
        boolean trialOfItsOwn = options.fastDevRun() && ckptPath == null;
        return trialOfItsOwn
                ? Resumption.none()
                : Resumption.find(options.storage(), options.callbacks(), loggers, ckptPath);
    }

    private Starts starts(@Nullable Path directory, Resumption resumption) {
        if (over && directory != null) {
            LOG.info("the run in {} is over: nothing in it is changed", directory);
            return Starts.ofFinished(directory, resumption);
        }
        return Starts.begin(directory, resumption, options.storage().autoResume() || resumption.isResuming());
    }

    private OpenRun open(Resumption resumption, List<Callback> callbacks, @Nullable Path directory) {
        Seeds seeds = resumption.seeds(options.seed());
        LOG.info("seed {}{}", seeds.seed(), directory == null ? "" : ", run directory " + directory);
        return new OpenRun(
                Stage.TRAIN,
                module,
                options,
                seeds,
                resumption.runId(),
                callbacks,
                over ? List.of() : loggers,
                directory,
                interruption);
    }

    private CheckpointWriter writer() {
        return options.storage().backgroundCheckpoints() ? CheckpointWriter.background() : CheckpointWriter.direct();
    }

    private FitResult result(OpenRun run, String reason, Starts starts, RunSaver saver, CheckpointInfo info) {
        RunParts parts = run.parts();
        Path directory = run.view().directory();
        FitResult result = new FitResult(
                parts.position().epoch(),
                parts.position().globalStep(),
                reason,
                parts.book().metrics(),
                parts.history().epochs(),
                RunCallbacks.bestCheckpoint(run.view().callbacks()),
                directory,
                parts.seeds().seed(),
                saver.interrupted(),
                starts.resumedFrom(),
                starts.executed(),
                Weights.sha256(module));
        ResultFile resultFile = directory == null ? null : resultFile(directory, result);
        finished = new FinishedFit(module, loggers, result, info, resultFile);
        return result;
    }

    private ResultFile resultFile(Path directory, FitResult result) {
        return over ? new ResultFile(directory, result) : ResultFile.write(directory, result);
    }
}
